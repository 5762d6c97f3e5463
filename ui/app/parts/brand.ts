/** The mark of Glimpser and the art of the welcome pages, drawn here so that nothing is fetched. */
import { html, type TemplateResult } from 'lit';

/** The eye with its aperture. `place` keeps the ids of several marks on one page apart. */
export function brandMark(place: 'navigation' | 'entry' | 'splash' | 'about'): TemplateResult {
  return html`<svg class="mark" viewBox="0 0 512 512" aria-hidden="true" focusable="false">
    <defs>
      <linearGradient id="ground-${place}" x1="0" y1="0" x2="1" y2="1">
        <stop offset="0" stop-color="#312e81" />
        <stop offset=".55" stop-color="#155e75" />
        <stop offset="1" stop-color="#0f766e" />
      </linearGradient>
      <linearGradient id="iris-${place}" x1="0" y1="0" x2="1" y2="1">
        <stop offset="0" stop-color="#4f46e5" />
        <stop offset="1" stop-color="#0d9488" />
      </linearGradient>
    </defs>
    <rect width="512" height="512" rx="116" fill="url(#ground-${place})" />
    <path d="M56 256C126 144 200 106 256 106s130 38 200 150C386 368 312 406 256 406S126 368 56 256Z" fill="#fff" />
    <circle cx="256" cy="256" r="116" fill="url(#iris-${place})" />
    <path
      d="M307 270l21 77M270 307l-57 57M219 293l-78-20M205 242l-21-77M242 205l57-57M293 219l78 20"
      stroke="#fff"
      stroke-width="10"
      stroke-linecap="round"
      fill="none"
    />
    <path d="M307 270l-37 37-51-14-14-51 37-37 51 14Z" fill="#0b1036" stroke="#fff" stroke-width="10" stroke-linejoin="round" />
    <circle cx="272" cy="239" r="13" fill="#fff" />
  </svg>`;
}

/** A large quiet aperture for the side of the welcome pages. */
export function apertureArt(): TemplateResult {
  return html`<svg class="aperture" viewBox="-200 -200 400 400" aria-hidden="true" focusable="false">
    <circle r="190" fill="none" stroke="currentColor" stroke-opacity=".28" stroke-width="1.500" />
    <circle r="164" fill="none" stroke="currentColor" stroke-opacity=".16" />
    ${[0, 60, 120, 180, 240, 300].map(
      turn => html`<svg x="-200" y="-200" width="400" height="400" viewBox="-200 -200 400 400">
        <path
          transform="rotate(${turn})"
          d="M-76 0 60-152A164 164 0 0 1 161-30L38-66Z"
          fill="currentColor"
          fill-opacity=".07"
          stroke="currentColor"
          stroke-opacity=".34"
          stroke-width="1.500"
          stroke-linejoin="round"
        />
      </svg>`,
    )}
  </svg>`;
}
