/** `<app-large-view>`: one source as large as the window, with the next and the one before a key away. */
import { html, nothing, type TemplateResult } from 'lit';
import '#widgets/live-picture.ts';
import '#widgets/status-badge.ts';
import '#widgets/age.ts';
import { stillOf, streamOf } from '#app/addresses.ts';
import { familyOf, hub, movieFor, sourceOf } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { linkTo } from '#app/navigate.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import { isSteady, stillEveryMs } from '#widgets/schedule-words.ts';
import { isWaking } from '#widgets/status-words.ts';
import { stepFrom } from './step.ts';

class LargeView extends LightElement {
  static override properties = { sourceId: {}, order: { attribute: false } };

  declare sourceId: string;
  declare order: string[];

  constructor() {
    super();
    this.sourceId = '';
    this.order = [];
  }

  override firstUpdated(): void {
    this.querySelector('dialog')?.showModal();
  }

  override render(): TemplateResult | typeof nothing {
    const source = sourceOf(this.sourceId);
    if (!source) return nothing;
    const state = hub.value.states[source.id];
    const hasMore = this.order.length > 1;
    return html`<dialog class="large" aria-label=${source.name} @close=${this.#closed} @keydown=${this.#key}>
      <glimpser-live
        .still=${stillOf(source.id, 1920)}
        .stream=${isSteady(source.schedule) ? streamOf(source.id, 15, 1920) : ''}
        .movie=${isSteady(source.schedule) ? movieFor(source.id) : undefined}
        .hasControls=${true}
        .everyMs=${stillEveryMs(source.schedule)}
        .stamp=${state?.lastFrameAt ?? ''}
        .alt=${`Picture of ${source.name}`}
        .family=${familyOf(source)}
        .isWaking=${isWaking(state, source.schedule)}
        .connection=${state?.reconnects ?? 0}
        .isOnline=${state?.isOnline === true}
      ></glimpser-live>
      <div class="large-bar">
        <h2>${source.name}</h2>
        <glimpser-status .state=${state} .schedule=${source.schedule}></glimpser-status>
        <glimpser-age .at=${state?.lastFrameAt ?? null}></glimpser-age>
        <span class="spring"></span>
        ${hasMore ? this.#renderStep(-1) : nothing} ${hasMore ? this.#renderStep(1) : nothing}
        <a class="dark-button" href=${linkTo({ page: 'source', id: source.id, tab: 'pictures' })}>Details</a>
        <button type="button" class="dark-button is-icon" aria-label="Full screen" title="Full screen" @click=${this.#fill}>${icon('grow')}</button>
        <button type="button" class="dark-button is-icon" aria-label="Close" title="Close" data-test="large-close" @click=${this.#close}>
          ${icon('close')}
        </button>
      </div>
    </dialog>`;
  }

  #renderStep(step: 1 | -1): TemplateResult {
    const words = step === 1 ? 'Next source' : 'Previous source';
    return html`<button type="button" class="dark-button is-icon" aria-label=${words} title=${words} @click=${() => this.#move(step)}>
      ${icon(step === 1 ? 'right' : 'left')}
    </button>`;
  }

  #move(step: 1 | -1): void {
    this.dispatchEvent(new CustomEvent('move', { detail: stepFrom(this.order, this.sourceId, step) }));
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'ArrowRight') this.#move(1);
    if (event.key === 'ArrowLeft') this.#move(-1);
  }

  #fill(): void {
    const picture = this.querySelector('dialog');
    if (document.fullscreenElement) void document.exitFullscreen();
    else void picture?.requestFullscreen();
  }

  #close(): void {
    this.querySelector('dialog')?.close();
  }

  #closed(): void {
    this.dispatchEvent(new CustomEvent('close'));
  }
}

define('app-large-view', LargeView);
