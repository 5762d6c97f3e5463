/** `<glimpser-events>`: what happened, newest first, under a heading for each day. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { dayText, instantText, spanText, timeText } from './ages.ts';
import { define } from './define.ts';
import { eventListStyles } from './event-list.styles.ts';
import { icon } from './icons.ts';
import type { HubEvent } from './shapes.ts';
import { EVENT_WORDS, isGoodNews, isPlainNews } from './status-words.ts';

/** Events by day, in the order in which they were given. */
export function byDay(events: readonly HubEvent[], now: number): Array<{ day: string; events: HubEvent[] }> {
  const days: Array<{ day: string; events: HubEvent[] }> = [];
  for (const event of events) {
    const day = dayText(event.openedAt, now);
    const last = days.at(-1);
    if (last?.day === day) last.events.push(event);
    else days.push({ day, events: [event] });
  }
  return days;
}

/** The list. `nameOf` turns a source's id into its name; `pageOf` into its address, or undefined for no link. */
export class EventList extends LitElement {
  static override styles = eventListStyles;
  static override properties = {
    events: { attribute: false },
    nameOf: { attribute: false },
    pageOf: { attribute: false },
    now: { type: Number },
  };

  declare events: HubEvent[];
  declare nameOf: ((sourceId: string) => string) | undefined;
  declare pageOf: ((sourceId: string) => string) | undefined;
  declare now: number;

  constructor() {
    super();
    this.events = [];
    this.now = Date.now();
  }

  override render(): TemplateResult[] {
    return byDay(this.events, this.now).map(
      ({ day, events }) => html`<section>
        <h2>${day}</h2>
        <ol>
          ${events.map(event => this.#renderEvent(event))}
        </ol>
      </section>`,
    );
  }

  #renderEvent(event: HubEvent): TemplateResult {
    const isGood = isGoodNews(event.type);
    const look = isGood ? 'good' : isPlainNews(event.type) ? 'plain' : 'bad';
    const signs = { good: 'check', plain: 'eye', bad: 'alert' } as const;
    const name = this.nameOf?.(event.sourceId);
    return html`<li class=${look}>
      <span class="sign">${icon(signs[look])}</span>
      <div>
        <p class="title">
          ${name === undefined ? nothing : html`<a href=${this.pageOf?.(event.sourceId) ?? ''}>${name}</a> · `}${EVENT_WORDS[event.type]}
        </p>
        <p class="summary">${event.summary}</p>
      </div>
      <p class="when">
        <time datetime=${event.openedAt} title=${instantText(event.openedAt, this.now)}>${timeText(event.openedAt)}</time>
        ${this.#renderLength(event)}
      </p>
    </li>`;
  }

  #renderLength(event: HubEvent): TemplateResult | typeof nothing {
    if (event.closedAt === event.openedAt) return nothing;
    if (!event.closedAt) return html`<span class="open">ongoing</span>`;
    return html`<span>for ${spanText(Date.parse(event.closedAt) - Date.parse(event.openedAt))}</span>`;
  }
}

define('glimpser-events', EventList);
