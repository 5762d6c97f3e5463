/** `<glimpser-attempts>`: the trail of tries to get a picture, each with its sentence and what was printed meanwhile. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { instantText, tookText } from './ages.ts';
import { type AttemptRun, linesSince, runsOf } from './attempt-runs.ts';
import { define } from './define.ts';
import { icon } from './icons.ts';
import type { Attempt } from './shapes.ts';

/** The trail of tries. */
export class AttemptList extends LitElement {
  static override properties = { attempts: { attribute: false }, lines: { attribute: false } };
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
    details {
      margin-top: 4px;
      font-size: 0.875rem;
    }
    summary {
      width: fit-content;
      padding: 6px 0;
      color: var(--glimpser-accent-ink, #0b535b);
      cursor: pointer;
    }
    summary:focus-visible,
    pre:focus-visible {
      outline: 3px solid var(--glimpser-focus, #4338ca);
      outline-offset: 2px;
      border-radius: 6px;
    }
    pre {
      max-height: 320px;
      margin: 4px 0 0;
      padding: 12px 14px;
      border-radius: 12px;
      background: var(--glimpser-sunken, #e1e8ea);
      font: 0.8125rem / 1.6 var(--glimpser-mono, monospace);
      white-space: pre-wrap;
      overflow: auto;
      overflow-wrap: anywhere;
    }
  `;

  declare attempts: Attempt[];
  /** What programs printed, oldest first, each line with its time. */
  declare lines: string[];

  constructor() {
    super();
    this.attempts = [];
    this.lines = [];
  }

  override render(): TemplateResult {
    const now = Date.now();
    const since = linesSince(this.attempts, this.lines);
    return html`<ol>
      ${
        since.length > 0
          ? html`<li>
              ${icon('info')}
              <div><p>${this.attempts.length > 0 ? 'Since then' : 'Under way'}</p>${renderLines(since)}</div>
            </li>`
          : nothing
      }
      ${runsOf(this.attempts, this.lines).map(
        run => html`<li class=${run.newest.isSuccess ? 'good' : 'bad'}>
          ${icon(run.newest.isSuccess ? 'check' : 'alert')}
          <div>
            <p>${run.newest.sentence}</p>
            <p class="when">${whenText(run, now)}</p>
            ${renderLines(run.lines)}
          </div>
        </li>`,
      )}
    </ol>`;
  }
}

function renderLines(lines: readonly string[]): TemplateResult | typeof nothing {
  if (lines.length === 0) return nothing;
  const words = lines.length === 1 ? '1 technical line' : `${lines.length} technical lines`;
  return html`<details>
    <summary>${words}</summary>
    <pre tabindex="0" role="region" aria-label="Technical lines">${lines.map(shortLine).join('\n')}</pre>
  </details>`;
}

/** `2026-08-01T10:00:00.000Z text` with the time of day of the reader. */
function shortLine(line: string): string {
  const [at = '', ...words] = line.split(' ');
  const time = Number.isNaN(Date.parse(at)) ? at : new Date(at).toTimeString().slice(0, 8);
  return `${time} ${words.join(' ')}`;
}

function whenText({ newest, oldest, count }: AttemptRun, now: number): string {
  const at = instantText(newest.at, now);
  if (count === 1) return `${at} · took ${tookText(newest.tookMs)}`;
  return `${at} · ${count} times since ${instantText(oldest.at, now)}`;
}

define('glimpser-attempts', AttemptList);
