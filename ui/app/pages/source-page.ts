/** One source: its large live picture, how it is, what can be done with it, and its tabs. */
import { html, nothing, type TemplateResult } from 'lit';
import '#widgets/live-picture.ts';
import '#widgets/status-badge.ts';
import '#widgets/age.ts';
import '#widgets/next-try.ts';
import { stillOf, streamOf } from '#app/addresses.ts';
import { familyOf, hub, may, movieFor, onLive, sourceOf } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { linkTo } from '#app/navigate.ts';
import { request } from '#app/net/request.ts';
import { renderEmpty, renderSkeleton } from '#app/parts/blocks.ts';
import { withLinks } from '#app/parts/place-links.ts';
import { SideScroll } from '#app/parts/side-scroll.ts';
import type { SourceTab } from '#app/router.ts';
import { renderActions, runAndSay } from '#app/source/source-actions.ts';
import '#app/source/ptz-pad.ts';
import { factsOf, type SourceStats } from '#app/source/source-facts.ts';
import { renderHealth } from '#app/source/source-health.ts';
import { renderTabs } from '#app/source/tabs.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import { isSteady, stillEveryMs } from '#widgets/schedule-words.ts';
import type { Source, SourceState } from '#widgets/shapes.ts';
import { isWaking } from '#widgets/status-words.ts';

class SourcePage extends LightElement {
  static override properties = {
    sourceId: {},
    tab: {},
    busy: { state: true },
    stats: { state: true },
    isLarge: { state: true },
  };

  declare sourceId: string;
  declare tab: SourceTab;
  /** The action that runs now. */
  declare busy: string;
  declare stats: SourceStats | undefined;
  declare isLarge: boolean;
  #stop: (() => void) | undefined;

  constructor() {
    super();
    this.sourceId = '';
    this.tab = 'pictures';
    this.busy = '';
    this.isLarge = false;
    new SideScroll(this, '.tabs');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onLive(({ signal, payload }) => {
      const { sourceId, viewers, capture } = (payload ?? {}) as {
        sourceId?: string;
        viewers?: number;
        capture?: { sourceId: string };
      };
      if (signal === 'viewers.changed' && sourceId === this.sourceId && this.stats)
        this.stats = { ...this.stats, viewers: viewers ?? 0 };
      const isCounted = signal === 'capture.kept' || signal === 'capture.forgotten';
      if (isCounted && (capture?.sourceId ?? sourceId) === this.sourceId) void this.#loadStats();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('sourceId')) return;
    this.stats = undefined;
    void this.#loadStats();
  }

  async #loadStats(): Promise<void> {
    const id = this.sourceId;
    const stats = await request<SourceStats>('GET', `api/sources/${encodeURIComponent(id)}/stats`).catch(
      () => undefined,
    );
    if (stats && id === this.sourceId) this.stats = stats;
  }

  readonly #run = (name: string, work: () => Promise<string>): void => {
    this.busy = name;
    void runAndSay(work).finally(() => {
      this.busy = '';
    });
  };

  override render(): TemplateResult {
    const source = sourceOf(this.sourceId);
    if (source) return this.#renderSource(source, hub.value.states[source.id]);
    const isKnown = hub.value.isLoaded || hub.value.seenAt !== null;
    return html`<div class="page">
      ${
        isKnown
          ? renderEmpty({
              icon: 'search',
              title: 'This source is not here',
              text: 'It was deleted, or you may not see it.',
              actions: html`<a class="button is-primary" href=${linkTo({ page: 'wall' })}>Go to the wall</a>`,
            })
          : renderSkeleton(4)
      }
    </div>`;
  }

  #renderSource(source: Source, state: SourceState | undefined): TemplateResult {
    const isAway = !hub.value.isReachable;
    const isDead = state?.status === 'error';
    return html`<div class="page source-page">
      <header class="page-head">
        <a class="icon-button" href=${linkTo({ page: 'wall' })} aria-label="Back to the wall">${icon('left')}</a>
        <h1>${source.name}</h1>
        <glimpser-status .state=${state} .schedule=${source.schedule}></glimpser-status>
      </header>
      <div class="source-top ${hasPtz(source, state) ? 'has-ptz' : ''}">
        <div class="source-picture ${isAway || isDead || state?.status === 'disabled' ? 'is-dim' : ''}" data-test="picture-frame">
          <glimpser-live
            data-test="source-picture"
            .still=${isAway ? '' : stillOf(source.id, 1280)}
            .stream=${isSteady(source.schedule) ? streamOf(source.id, 10, 1280) : ''}
            .movie=${isSteady(source.schedule) ? movieFor(source.id) : undefined}
            .hasControls=${true}
            .everyMs=${stillEveryMs(source.schedule)}
            .stamp=${state?.lastFrameAt ?? ''}
            .alt=${`Picture of ${source.name}`}
            .family=${familyOf(source)}
            .isWaking=${isWaking(state, source.schedule)}
            .connection=${state?.reconnects ?? 0}
            .isOnline=${!isAway && state?.isOnline === true}
            .isPaused=${this.isLarge}
            style=${`aspect-ratio: ${ratioOf(state)}`}
          ></glimpser-live>
          <button type="button" class="picture-button" aria-label="Show large" title="Show large" @click=${this.#enlarge}>${icon('grow')}</button>
          ${isDead ? html`<p class="picture-reason">${withLinks(state.reason)}</p>` : nothing}
        </div>
        <div class="source-side">
          ${renderState(source, state)} ${renderPtz(source, state)} ${renderActions(source, this.busy, this.#run)}
            ${renderHealth(state)}
        </div>
        <div class="source-facts">${this.#renderFacts(source, state)}</div>
      </div>
      ${renderTabs(source.id, this.tab)} ${this.isLarge ? this.#renderLarge(source) : nothing}
    </div>`;
  }

  #renderFacts(source: Source, state: SourceState | undefined): TemplateResult {
    const title = hub.value.kinds.find(kind => kind.id === source.kind)?.title ?? source.kind;
    return html`<dl class="facts" data-test="facts">
        ${factsOf(source, state, this.stats, title).map(
          fact => html`<div><dt>${fact.name}</dt><dd>${fact.value}</dd></div>`,
        )}
      </dl>
      ${source.notes ? html`<p class="source-notes">${source.notes}</p>` : nothing}`;
  }

  #enlarge(): void {
    import('#app/parts/large-view.ts').then(
      () => {
        this.isLarge = true;
      },
      () => location.reload(),
    );
  }

  #renderLarge(source: Source): TemplateResult {
    return html`<app-large-view .sourceId=${source.id} .order=${[source.id]}
      @close=${() => {
        this.isLarge = false;
      }}></app-large-view>`;
  }
}

/** The picture's own shape, as far as it fits a page. */
function ratioOf(state: SourceState | undefined): string {
  if (!state?.width || !state.height) return '16 / 9';
  return String(Math.min(Math.max(state.width / state.height, 1.2), 2.2));
}

/** Only for cameras that can be moved, by those who may. */
function hasPtz(source: Source, state: SourceState | undefined): boolean {
  return Boolean(state?.ptz) && source.enabled && may('operator');
}

function renderPtz(source: Source, state: SourceState | undefined): TemplateResult | typeof nothing {
  if (!state?.ptz || !hasPtz(source, state)) return nothing;
  return html`<app-ptz .sourceId=${source.id} .ptz=${state.ptz}></app-ptz>`;
}

/** Others send its pictures: how they do that is a tap away. */
function renderWaiting({ id }: Source, reason: string): TemplateResult {
  return html`${reason}. <a href=${linkTo({ page: 'source', id, tab: 'addresses' })}>How to send one</a>`;
}

function renderState(source: Source, state: SourceState | undefined): TemplateResult {
  const isBad = state?.status === 'error' || state?.status === 'degraded';
  return html`<div class="source-state ${isBad ? 'is-bad' : ''}" data-test="state">
    ${state?.status === 'degraded' ? html`<p class="source-reason">${withLinks(state.reason)}</p>` : nothing}
    <p class="soft">
      ${
        state?.lastFrameAt
          ? html`Last picture <glimpser-age .at=${state.lastFrameAt}></glimpser-age>.`
          : state?.status === 'waiting'
            ? renderWaiting(source, state.reason)
            : source.enabled
              ? 'No picture yet.'
              : 'Switched off: nothing is fetched.'
      }
      ${state?.retryAt ? html`<glimpser-next-try .at=${state.retryAt}></glimpser-next-try>` : nothing}
    </p>
  </div>`;
}

define('app-source-page', SourcePage);
