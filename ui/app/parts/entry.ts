/** The frame of the pages before the wall: art on one side, a form on the other. */
import { html, type TemplateResult } from 'lit';
import { apertureArt, brandMark } from './brand.ts';

/** Draws the frame. */
export function renderEntry(promise: string, more: string, body: TemplateResult): TemplateResult {
  return html`<div class="entry">
    <div class="entry-art">
      ${apertureArt()}
      <div class="entry-brand">${brandMark('entry')}<span>Glimpser</span></div>
      <div class="entry-promise">
        <p class="promise">${promise}</p>
        <p>${more}</p>
      </div>
    </div>
    <div class="entry-form"><div>${body}</div></div>
  </div>`;
}
