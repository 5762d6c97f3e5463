/** What happened, with filters; new events appear by themselves. */
import { html, nothing, type TemplateResult } from 'lit';
import '#widgets/event-list.ts';
import { hub, onLive, sourceOf } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { linkTo } from '#app/navigate.ts';
import { type Page, request, sentenceOf } from '#app/net/request.ts';
import { renderEmpty, renderNotice, renderSkeleton } from '#app/parts/blocks.ts';
import { define } from '#widgets/define.ts';
import type { HubEvent } from '#widgets/shapes.ts';
import { EVENT_WORDS } from '#widgets/status-words.ts';
import { withEvent } from './event-flow.ts';

class EventsPage extends LightElement {
  static override properties = {
    events: { state: true },
    next: { state: true },
    failure: { state: true },
    source: { state: true },
    type: { state: true },
    isOpenOnly: { state: true },
  };

  declare events: HubEvent[] | undefined;
  declare next: string | null;
  declare failure: string;
  declare source: string;
  declare type: string;
  declare isOpenOnly: boolean;
  #stop: (() => void) | undefined;

  constructor() {
    super();
    this.next = null;
    this.failure = '';
    this.source = '';
    this.type = '';
    this.isOpenOnly = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
    this.#stop = onLive(message => {
      if (message.signal === 'hello') void this.#load();
      const { event } = (message.payload ?? {}) as { event?: HubEvent };
      if (event && this.events) this.events = withEvent(this.events, event, e => this.#fits(e));
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  #fits(event: HubEvent): boolean {
    if (this.source !== '' && event.sourceId !== this.source) return false;
    if (this.type !== '' && event.type !== this.type) return false;
    return !this.isOpenOnly || event.closedAt === null;
  }

  #address(cursor: string | null): string {
    const query = new URLSearchParams({ limit: '50' });
    if (this.source) query.set('source', this.source);
    if (this.type) query.set('type', this.type);
    if (this.isOpenOnly) query.set('open', 'true');
    if (cursor) query.set('cursor', cursor);
    return `api/events?${query}`;
  }

  async #load(cursor: string | null = null): Promise<void> {
    try {
      const { items, next } = await request<Page<HubEvent>>('GET', this.#address(cursor));
      this.events = cursor === null ? items : [...(this.events ?? []), ...items];
      this.next = next;
      this.failure = '';
    } catch (thrown) {
      this.failure = sentenceOf(thrown);
    }
  }

  override render(): TemplateResult {
    return html`<div class="page is-narrow">
      <header class="page-head"><h1>Events</h1></header>
      ${this.#renderFilters()} ${this.failure ? renderNotice('bad', this.failure) : nothing}
      <div aria-live="polite" aria-relevant="additions" aria-busy=${this.events ? 'false' : 'true'}>
        ${this.events ? this.#renderList(this.events) : this.failure ? nothing : renderSkeleton(5)}
      </div>
      ${
        this.next
          ? html`<div class="actions is-centered"><button type="button" class="button" @click=${() => this.#load(this.next)}>Show older</button></div>`
          : nothing
      }
    </div>`;
  }

  #renderList(events: HubEvent[]): TemplateResult {
    if (events.length > 0) {
      return html`<glimpser-events
        .events=${events}
        .now=${Date.now()}
        .nameOf=${(id: string) => sourceOf(id)?.name ?? 'A deleted source'}
        .pageOf=${(id: string) => linkTo({ page: 'source', id, tab: 'events' })}
      ></glimpser-events>`;
    }
    const isFiltered = this.source !== '' || this.type !== '' || this.isOpenOnly;
    return renderEmpty({
      icon: isFiltered ? 'search' : 'check',
      title: isFiltered ? 'Nothing fits' : 'All quiet',
      text: isFiltered
        ? 'No event matches. Try another choice.'
        : 'When a camera goes away or a page fails to load, you read about it here.',
    });
  }

  #renderFilters(): TemplateResult {
    const set = (key: 'source' | 'type') => (event: Event) => {
      this[key] = (event.target as HTMLSelectElement).value;
      void this.#load();
    };
    return html`<div class="filters" role="group" aria-label="Filter events">
      <select aria-label="Source" data-test="events-source" @change=${set('source')}>
        <option value="">Every source</option>
        ${hub.value.sources.map(source => html`<option value=${source.id} ?selected=${source.id === this.source}>${source.name}</option>`)}
      </select>
      <select aria-label="What happened" @change=${set('type')}>
        <option value="">Everything</option>
        ${Object.entries(EVENT_WORDS).map(([type, words]) => html`<option value=${type} ?selected=${type === this.type}>${words}</option>`)}
      </select>
      <button
        type="button"
        class="chip"
        aria-pressed=${this.isOpenOnly ? 'true' : 'false'}
        @click=${() => {
          this.isOpenOnly = !this.isOpenOnly;
          void this.#load();
        }}
      >
        Ongoing
      </button>
    </div>`;
  }
}

define('app-events-page', EventsPage);
