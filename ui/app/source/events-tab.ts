/** `<app-source-events-tab>`: what happened at one source. */
import type { TemplateResult } from 'lit';
import { html } from 'lit';
import '#widgets/event-list.ts';
import { onLive } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { list } from '#app/net/request.ts';
import { withEvent } from '#app/pages/event-flow.ts';
import { renderEmpty } from '#app/parts/blocks.ts';
import { Loaded } from '#app/parts/loaded.ts';
import { define } from '#widgets/define.ts';
import type { HubEvent } from '#widgets/shapes.ts';

class SourceEventsTab extends LightElement {
  static override properties = { sourceId: {} };

  declare sourceId: string;
  readonly #events = new Loaded<HubEvent[]>(this, () =>
    list(`api/events?source=${encodeURIComponent(this.sourceId)}&limit=100`),
  );
  #stop: (() => void) | undefined;

  constructor() {
    super();
    this.sourceId = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onLive(({ payload }) => {
      const { event } = (payload ?? {}) as { event?: HubEvent };
      const fits = (other: HubEvent) => other.sourceId === this.sourceId;
      if (event && fits(event)) this.#events.change(events => withEvent(events, event, fits));
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.get('sourceId')) void this.#events.restart();
  }

  override render(): TemplateResult {
    return this.#events.render(events =>
      events.length === 0
        ? renderEmpty({
            icon: 'check',
            title: 'All quiet',
            text: 'When its pictures stop or come back, you read it here.',
          })
        : html`<glimpser-events .events=${events} .now=${Date.now()}></glimpser-events>`,
    );
  }
}

define('app-source-events-tab', SourceEventsTab);
