/** `<glimpser-status>`: how a source is, as a word with a sign whose shape tells the same as its colour. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { define } from './define.ts';
import type { Schedule, SourceState } from './shapes.ts';
import { statusLook } from './status-words.ts';

/** The badge on tiles and pages. */
export class StatusBadge extends LitElement {
  static override properties = { state: { attribute: false }, schedule: { attribute: false } };
  static override styles = css`
    :host {
      display: inline-flex;
    }
    span {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      padding: 3px 10px 3px 8px;
      border-radius: 999px;
      border: 1px solid transparent;
      font: 600 0.75rem / 1.35 var(--glimpser-font, system-ui, sans-serif);
      white-space: nowrap;
      color: var(--tone);
      background: var(--tone-soft);
    }
    i {
      box-sizing: border-box;
      width: 8px;
      height: 8px;
      border-radius: 50%;
      background: var(--tone);
    }
    .good {
      --tone: var(--glimpser-good, #146c3c);
      --tone-soft: var(--glimpser-good-soft, #dcf4e4);
    }
    .warn {
      --tone: var(--glimpser-warn, #7a4a00);
      --tone-soft: var(--glimpser-warn-soft, #fdeccb);
    }
    .warn i {
      border-radius: 1px;
      transform: rotate(45deg);
    }
    .bad {
      --tone: var(--glimpser-bad, #a3222a);
      --tone-soft: var(--glimpser-bad-soft, #fde3e3);
    }
    .bad i {
      border-radius: 1px;
    }
    .off,
    .wait {
      --tone: var(--glimpser-ink-soft, #46565f);
      --tone-soft: var(--glimpser-off-soft, #e5ebed);
    }
    .off i,
    .wait i {
      background: none;
      border: 2px solid var(--tone);
    }
    .wait i {
      border-inline-end-color: transparent;
      animation: turn 1.4s linear infinite;
    }
    @keyframes turn {
      to {
        transform: rotate(1turn);
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .wait i {
        animation: none;
      }
    }
    @media (forced-colors: active) {
      span {
        border-color: CanvasText;
      }
      i {
        background: CanvasText;
      }
    }
  `;

  declare state: SourceState | undefined;
  declare schedule: Schedule;

  constructor() {
    super();
    this.schedule = 'live';
  }

  override render(): TemplateResult {
    const { word, tone } = statusLook(this.state, this.schedule);
    return html`<span class=${tone} data-tone=${tone}><i></i>${word}</span>`;
  }
}

define('glimpser-status', StatusBadge);
