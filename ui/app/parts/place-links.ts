/** Turns the places that sentences name, such as `Settings, Hub`, into links. */
import { html, type TemplateResult } from 'lit';
import { may } from '#app/hub/hub.ts';
import { linkTo } from '#app/navigate.ts';
import type { Route } from '#app/router.ts';
import { partsOf } from './place-parts.ts';

/** A sentence of the hub or of the app, with links for those who may open what it names. */
export function withLinks(sentence: string): TemplateResult {
  if (!may('admin')) return html`${sentence}`;
  return html`${partsOf(sentence).map(({ words, route }) => (route ? renderLink(words, route) : words))}`;
}

function renderLink(words: string, route: Route): TemplateResult {
  return html`<a href=${linkTo(route)}>${words}</a>`;
}
