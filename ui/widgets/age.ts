/** `<glimpser-age>`: an instant as an age that keeps itself right, such as `12 s ago`. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { ageText, instantText, untilText } from './ages.ts';
import { define } from './define.ts';

const ageElements = new Set<Age>();
let ticking: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  if (document.visibilityState !== 'visible') return;
  for (const element of ageElements) element.requestUpdate();
}

/** An instant as an age, or as a wait when it lies ahead. */
export class Age extends LitElement {
  static override properties = { at: {} };

  /** ISO 8601. */
  declare at: string | null;

  constructor() {
    super();
    this.at = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    ageElements.add(this);
    ticking ??= setInterval(tick, 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    ageElements.delete(this);
    if (ageElements.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.at) return nothing;
    const now = Date.now();
    const ageMs = now - Date.parse(this.at);
    const words = ageMs < -1000 ? untilText(-ageMs) : ageText(ageMs);
    return html`<time datetime=${this.at} title=${instantText(this.at, now)}>${words}</time>`;
  }
}

define('glimpser-age', Age);
