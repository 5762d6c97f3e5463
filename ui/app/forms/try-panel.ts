/** `<app-try>`: fetches one picture with what the form says now, and shows it or the trail of attempts. */
import { html, nothing, type TemplateResult } from 'lit';
import '#widgets/attempt-list.ts';
import { LightElement } from '#app/light-element.ts';
import { Problem, request, sentenceOf } from '#app/net/request.ts';
import { renderNotice } from '#app/parts/blocks.ts';
import { tookText } from '#widgets/ages.ts';
import { runsOf } from '#widgets/attempt-runs.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import type { Attempt } from '#widgets/shapes.ts';

interface TryAnswer {
  picture: { dataUrl: string; type: string; width: number; height: number; bytes: number } | null;
  attempts: Attempt[];
  tookMs: number;
  failure: { code: string; sentence: string } | null;
  /** What programs printed, each line with its time. */
  lines: string[];
  /** What the source calls itself. */
  name: string | null;
}

/** Fires `tried` (detail: what the source calls itself) and `refused` (detail: Problem). */
class TryPanel extends LightElement {
  static override properties = {
    prepare: { attribute: false },
    answer: { state: true },
    failure: { state: true },
    isBusy: { state: true },
  };

  /** The body to send, or undefined when the form has gaps, which it then shows. */
  declare prepare: (() => Record<string, unknown> | undefined) | undefined;
  declare answer: TryAnswer | undefined;
  declare failure: string;
  declare isBusy: boolean;
  #trying: AbortController | undefined;

  constructor() {
    super();
    this.failure = '';
    this.isBusy = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#trying?.abort();
  }

  override render(): TemplateResult {
    return html`<section class="try" aria-label="Try it" aria-busy=${this.isBusy ? 'true' : 'false'}>
      <div class="try-picture ${this.isBusy ? 'is-busy' : ''}">${this.#renderPicture()}</div>
      <div class="actions">
        <button type="button" class="button" data-test="try" ?disabled=${this.isBusy} @click=${this.#try}>
          ${icon('shutter')}${this.isBusy ? 'Looking…' : this.answer ? 'Try again' : 'Try it'}
        </button>
        ${
          this.isBusy
            ? html`<button type="button" class="button" @click=${() => this.#trying?.abort()}>Stop</button>`
            : nothing
        }
      </div>
      <div role="status" aria-live="polite" data-test="try-result">${this.#renderWords()}</div>
    </section>`;
  }

  #renderPicture(): TemplateResult {
    const picture = this.answer?.picture;
    if (picture)
      return html`<img src=${picture.dataUrl} alt="What the source shows now" data-test="try-picture" />`;
    return html`<p>${this.#words}</p>`;
  }

  get #words(): string {
    if (this.isBusy) return 'Fetching one picture. This takes up to a minute.';
    return this.answer || this.failure ? 'No picture came.' : 'See one picture before you save.';
  }

  #renderWords(): TemplateResult | typeof nothing {
    if (this.isBusy) return nothing;
    if (this.failure) return renderNotice('bad', this.failure);
    const { answer } = this;
    if (!answer) return nothing;
    const trail = this.#renderTrail(answer);
    if (answer.picture) {
      const { width, height } = answer.picture;
      return html`<p class="try-words"><strong>It works.</strong> ${width} × ${height} pixels in ${tookText(answer.tookMs)}.</p>
        ${trail}`;
    }
    return html`${renderNotice('bad', answer.failure?.sentence ?? 'No picture came.')}${trail}`;
  }

  /** A single failure without details is said above already. */
  #renderTrail({ attempts, lines, picture }: TryAnswer): TemplateResult | typeof nothing {
    const runs = runsOf(attempts, lines);
    if (runs.length < 2 && (runs[0]?.lines.length ?? 0) === 0) return nothing;
    return html`<details class="more" ?open=${picture === null && runs.length > 1}>
      <summary>${icon('down')}What was tried</summary>
      <glimpser-attempts .attempts=${attempts} .lines=${lines}></glimpser-attempts>
    </details>`;
  }

  readonly #try = async (): Promise<void> => {
    const body = this.prepare?.();
    if (!body) return;
    const trying = new AbortController();
    this.#trying = trying;
    this.isBusy = true;
    this.failure = '';
    try {
      this.answer = await request<TryAnswer>('POST', 'api/sources/test', body, trying.signal);
      this.dispatchEvent(new CustomEvent('tried', { detail: this.answer.name ?? '' }));
    } catch (thrown) {
      this.answer = undefined;
      if (!trying.signal.aborted) this.failure = sentenceOf(thrown);
      if (thrown instanceof Problem && thrown.errors.length > 0) this.#refer(thrown);
    } finally {
      this.isBusy = false;
    }
  };

  #refer(problem: Problem): void {
    this.dispatchEvent(new CustomEvent('refused', { detail: problem }));
  }
}

define('app-try', TryPanel);
