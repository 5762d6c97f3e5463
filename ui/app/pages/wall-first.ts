/** What the wall shows while the hub has no source: the first step for admins, a word for everybody else. */
import { html, type TemplateResult } from 'lit';
import { may } from '#app/hub/hub.ts';
import { linkTo } from '#app/navigate.ts';
import { renderEmpty } from '#app/parts/blocks.ts';
import { type IconName, icon } from '#widgets/icons.ts';

interface Card {
  name: string;
  kind: string;
  sign: IconName;
  title: string;
  text: string;
}

const CARDS: Card[] = [
  {
    name: 'first-camera',
    kind: 'rtsp',
    sign: 'camera',
    title: 'Add a camera',
    text: 'Any network camera with an RTSP, MJPEG or snapshot address.',
  },
  {
    name: 'first-website',
    kind: 'website',
    sign: 'globe',
    title: 'Add a website',
    text: 'A page, a dashboard or one part of it, photographed as often as you like.',
  },
  {
    name: 'first-test',
    kind: 'test',
    sign: 'picture',
    title: 'Just look around',
    text: 'A moving test picture shows you every part without a camera.',
  },
];

/** Draws the first step. */
export function renderFirst(): TemplateResult {
  if (!may('admin')) {
    return renderEmpty({
      icon: 'wall',
      title: 'No sources yet',
      text: 'An admin can add cameras and websites.',
    });
  }
  return html`<div class="first">
    <p class="lead">What would you like to see first? You get a picture before anything is saved.</p>
    ${CARDS.map(
      card => html`<a class="first-card" data-test=${card.name} href=${linkTo({ page: 'add', kind: card.kind })}>
        <span>${icon(card.sign)}</span>
        <h2>${card.title}</h2>
        <p>${card.text}</p>
      </a>`,
    )}
    <p class="first-more">
      Something else? <a href=${linkTo({ page: 'add', kind: undefined })}>See every kind of source</a>.
    </p>
  </div>`;
}
