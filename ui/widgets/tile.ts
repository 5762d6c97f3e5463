/** `<glimpser-tile>`: one source on the wall: its picture, name, how it is and how old the picture is. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import './age.ts';
import './live-picture.ts';
import './status-badge.ts';
import { define } from './define.ts';
import { icon } from './icons.ts';
import type { MovieAddresses } from './movie-support.ts';
import { scheduleWords, stillEveryMs } from './schedule-words.ts';
import type { Source, SourceState } from './shapes.ts';
import { tileStyles } from './tile.styles.ts';

/** Where a tile gets its pictures and where it leads. */
export interface TileAddresses {
  still: string;
  /** Empty: stills only. */
  stream: string;
  /** Set for what sends video itself. */
  movie?: MovieAddresses | undefined;
  /** Empty: the tile leads nowhere. */
  page: string;
}

/** One source on the wall. Fires `enlarge` when its large view is wanted. */
export class Tile extends LitElement {
  static override styles = tileStyles;
  static override properties = {
    source: { attribute: false },
    state: { attribute: false },
    addresses: { attribute: false },
    family: {},
    isPaused: { type: Boolean },
    isAway: { type: Boolean },
  };

  declare source: Source | undefined;
  declare state: SourceState | undefined;
  declare addresses: TileAddresses;
  declare family: string;
  declare isPaused: boolean;
  /** True while the hub itself cannot be reached. */
  declare isAway: boolean;

  constructor() {
    super();
    this.addresses = { still: '', stream: '', page: '' };
    this.family = 'camera';
    this.isPaused = false;
    this.isAway = false;
  }

  override render(): TemplateResult | typeof nothing {
    const { source, state, addresses } = this;
    if (!source) return nothing;
    const isOff = state?.status === 'disabled';
    const isTrouble = state?.status === 'error' || state?.status === 'degraded';
    const isDim = this.isAway || isOff || state?.status === 'error';
    return html`<article class=${isDim ? 'is-dim' : ''}>
      <div class="picture">
        <glimpser-live
          .still=${this.isAway ? '' : addresses.still}
          .stream=${source.schedule === 'live' ? addresses.stream : ''}
          .movie=${source.schedule === 'live' ? addresses.movie : undefined}
          .everyMs=${stillEveryMs(source.schedule)}
          .stamp=${state?.lastFrameAt ?? ''}
          .alt=${`Picture of ${source.name}`}
          .family=${this.family}
          .connection=${state?.reconnects ?? 0}
          .isOnline=${!this.isAway && state?.isOnline === true}
          .isPaused=${this.isPaused}
        ></glimpser-live>
        <button type="button" title="Show large" aria-label=${`Show ${source.name} large`} @click=${this.#enlarge}>
          ${icon('grow')}
        </button>
        ${isTrouble ? html`<p class="reason">${state?.reason}</p>` : nothing}
      </div>
      <div class="words">
        <h2><a href=${addresses.page}>${source.name}</a></h2>
        <glimpser-status .state=${state} .schedule=${source.schedule}></glimpser-status>
        <p class="line">${this.#renderLine(source)}</p>
      </div>
    </article>`;
  }

  #renderLine(source: Source): TemplateResult {
    const at = this.state?.lastFrameAt;
    if (this.state?.status === 'disabled') return html`${this.state.reason}`;
    if (this.state?.status === 'waiting' && !at) return html`${this.state.reason}`;
    const seen = at ? html`<glimpser-age .at=${at}></glimpser-age>` : html`no picture yet`;
    const rhythm = source.schedule === 'live' ? '' : ` · ${scheduleWords(source.schedule)}`;
    return html`${seen}${rhythm}`;
  }

  #enlarge(): void {
    this.dispatchEvent(
      new CustomEvent('enlarge', { bubbles: true, composed: true, detail: this.source?.id }),
    );
  }
}

define('glimpser-tile', Tile);
