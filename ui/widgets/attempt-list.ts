/** `<glimpser-attempts>`: the trail of tries to get a picture, each with its sentence. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { instantText, tookText } from './ages.ts';
import { type AttemptRun, runsOf } from './attempt-runs.ts';
import { define } from './define.ts';
import { icon } from './icons.ts';
import type { Attempt } from './shapes.ts';

/** The trail of tries. */
export class AttemptList extends LitElement {
  static override properties = { attempts: { attribute: false } };
  static override styles = css`
    :host {
      display: block;
      font-family: var(--glimpser-font, system-ui, sans-serif);
      color: var(--glimpser-ink, #12212b);
    }
    ol {
      margin: 0;
      padding: 0;
      list-style: none;
      display: grid;
    }
    li {
      display: grid;
      grid-template-columns: 24px 1fr;
      gap: 2px 12px;
      padding: 10px 0;
    }
    li + li {
      border-top: 1px solid var(--glimpser-line, #d9e1e4);
    }
    svg {
      width: 20px;
      height: 20px;
    }
    .good svg {
      color: var(--glimpser-good, #146c3c);
    }
    .bad svg {
      color: var(--glimpser-bad, #a3222a);
    }
    p {
      margin: 0;
      line-height: 1.45;
      font-size: 0.9375rem;
      overflow-wrap: anywhere;
    }
    .when {
      font-size: 0.8125rem;
      color: var(--glimpser-ink-soft, #46565f);
      font-variant-numeric: tabular-nums;
    }
  `;

  declare attempts: Attempt[];

  constructor() {
    super();
    this.attempts = [];
  }

  override render(): TemplateResult {
    const now = Date.now();
    return html`<ol>
      ${runsOf(this.attempts).map(
        run => html`<li class=${run.newest.isSuccess ? 'good' : 'bad'}>
          ${icon(run.newest.isSuccess ? 'check' : 'alert')}
          <div>
            <p>${run.newest.sentence}</p>
            <p class="when">${whenText(run, now)}</p>
          </div>
        </li>`,
      )}
    </ol>`;
  }
}

function whenText({ newest, oldest, count }: AttemptRun, now: number): string {
  const at = instantText(newest.at, now);
  if (count === 1) return `${at} · took ${tookText(newest.tookMs)}`;
  return `${at} · ${count} times since ${instantText(oldest.at, now)}`;
}

define('glimpser-attempts', AttemptList);
