/** The wall: every source as a live tile, with search, groups and a large view. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import '#widgets/tile.ts';
import { familyOf, hub, may } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { linkTo } from '#app/navigate.ts';
import { renderEmpty, renderNotice } from '#app/parts/blocks.ts';
import { SideScroll } from '#app/parts/side-scroll.ts';
import { define } from '#widgets/define.ts';
import type { Source } from '#widgets/shapes.ts';
import { wallSentence } from '#widgets/status-words.ts';
import { tileAddresses } from './tile-addresses.ts';
import { findSources, groupChips } from './wall-filter.ts';
import { renderFirst } from './wall-first.ts';
import { renderWallTools } from './wall-tools.ts';

class WallPage extends LightElement {
  static override properties = {
    query: { state: true },
    group: { state: true },
    isPaused: { state: true },
    isCompact: { state: true },
    isArranging: { state: true },
    largeId: { state: true },
  };

  declare query: string;
  declare group: string;
  declare isPaused: boolean;
  declare isCompact: boolean;
  declare isArranging: boolean;
  declare largeId: string;

  constructor() {
    super();
    this.query = '';
    this.group = '';
    this.isPaused = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.isCompact = localStorage.getItem('glimpser.tiles') === 'small';
    this.isArranging = false;
    this.largeId = '';
    new SideScroll(this, '.chips');
  }

  get #found(): Source[] {
    return findSources(hub.value.sources, { query: this.query, group: this.group });
  }

  override render(): TemplateResult {
    const { sources, isLoaded, seenAt } = hub.value;
    const isKnown = isLoaded || seenAt !== null;
    return html`<div class="page is-wide">
      <header class="wall-head">
        <div>
          <p class="eyebrow">${hub.value.name}</p>
          <h1>${isKnown ? wallSentence(sources.map(source => hub.value.states[source.id])) : 'Looking around…'}</h1>
        </div>
        ${sources.length > 0 && !this.isArranging ? this.#renderTools() : nothing}
      </header>
      ${hub.value.isPaused ? this.#renderPaused() : nothing}
      ${this.isArranging ? this.#renderArrange() : this.#renderWall(isKnown)}
      ${this.largeId ? this.#renderLarge() : nothing}
    </div>`;
  }

  #renderWall(isKnown: boolean): TemplateResult {
    return html`${this.#renderChips()} ${isKnown ? this.#renderTiles() : this.#renderWaiting()}`;
  }

  #renderTools(): TemplateResult {
    const { query, isPaused, isCompact } = this;
    return renderWallTools({
      ...{ query, isPaused, isCompact },
      canArrange: may('operator') && this.#found.length > 1,
      search: words => {
        this.query = words;
      },
      pause: () => {
        this.isPaused = !this.isPaused;
      },
      resize: () => this.#toggleSize(),
      arrange: () => this.#arrange(),
    });
  }

  #arrange(): void {
    import('./wall-arrange.ts').then(
      () => {
        this.isArranging = true;
      },
      () => location.reload(),
    );
  }

  #renderArrange(): TemplateResult {
    return html`<app-wall-arrange
      .sources=${this.#found}
      .isCompact=${this.isCompact}
      .renderTile=${(source: Source) => this.#renderTile(source)}
      @close=${() => {
        this.isArranging = false;
      }}
    ></app-wall-arrange>`;
  }

  #renderPaused(): TemplateResult {
    return renderNotice(
      'info',
      html`<p>Everything is paused: no new pictures come. <a href=${linkTo({ page: 'settings', section: 'hub' })}>Settings</a></p>`,
    );
  }

  #toggleSize(): void {
    this.isCompact = !this.isCompact;
    localStorage.setItem('glimpser.tiles', this.isCompact ? 'small' : 'large');
  }

  #renderChips(): TemplateResult | typeof nothing {
    const chips = groupChips(hub.value.sources, hub.value.groups);
    if (chips.length === 0) return nothing;
    return html`<div class="chips" role="group" aria-label="Show a group">
      ${[{ id: '', name: 'All', count: hub.value.sources.length }, ...chips].map(
        chip => html`<button
          type="button"
          class="chip"
          aria-pressed=${chip.id === this.group ? 'true' : 'false'}
          data-test=${`group-${chip.id || 'all'}`}
          @click=${() => {
            this.group = chip.id;
          }}
        >
          ${chip.name} <span>${chip.count}</span>
        </button>`,
      )}
    </div>`;
  }

  #renderTiles(): TemplateResult {
    const found = this.#found;
    if (hub.value.sources.length === 0) return renderFirst();
    if (found.length === 0) {
      return renderEmpty({
        icon: 'search',
        title: 'Nothing fits',
        text: `No source matches${this.query ? ` “${this.query}”` : ''}${this.group ? ' in this group' : ''}.`,
        actions: html`<button type="button" class="button" @click=${this.#clear}>Show all</button>`,
      });
    }
    return html`<ul class="tiles ${this.isCompact ? 'is-compact' : ''}" data-test="wall">
      ${repeat(
        found,
        source => source.id,
        source => html`<li>${this.#renderTile(source)}</li>`,
      )}
    </ul>`;
  }

  #clear(): void {
    this.query = '';
    this.group = '';
  }

  #renderTile(source: Source): TemplateResult {
    return html`<glimpser-tile
      data-test=${`tile-${source.id}`}
      .source=${source}
      .state=${hub.value.states[source.id]}
      .family=${familyOf(source)}
      .isPaused=${this.isPaused || this.isArranging || this.largeId !== ''}
      .isAway=${!hub.value.isReachable}
      .addresses=${tileAddresses(source.id)}
      @enlarge=${() => this.#enlarge(source.id)}
    ></glimpser-tile>`;
  }

  #enlarge(sourceId: string): void {
    import('#app/parts/large-view.ts').then(
      () => {
        this.largeId = sourceId;
      },
      () => location.reload(),
    );
  }

  #renderLarge(): TemplateResult {
    return html`<app-large-view
      .sourceId=${this.largeId}
      .order=${this.#found.map(source => source.id)}
      @move=${(event: CustomEvent<string>) => {
        this.largeId = event.detail;
      }}
      @close=${() => {
        this.largeId = '';
      }}
    ></app-large-view>`;
  }

  #renderWaiting(): TemplateResult {
    if (!hub.value.isReachable) {
      return renderEmpty({
        icon: 'power',
        title: 'Waiting for the hub',
        text: 'As soon as it answers, your wall is here.',
      });
    }
    return html`<ul class="tiles" aria-hidden="true">
        ${[1, 2, 3, 4, 5, 6].map(() => html`<li class="tile-skeleton"><i></i><b></b></li>`)}
      </ul>
      <p class="visually-hidden" role="status">Loading…</p>`;
  }
}

define('app-wall-page', WallPage);
