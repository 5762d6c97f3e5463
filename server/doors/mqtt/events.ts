/** Tells events: never retained, and none that Home Assistant was not told of beforehand. */
import { GlimpserError, sentenceOf } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Entities } from '#entities/kind.ts';
import type { Event, EventType } from '#model/event.ts';
import type { Connection } from './connection.ts';
import type { Refusals } from './refusals.ts';

const MAX_IN_FLIGHT = 50;

/** Told after the source is back: while it is unavailable, Home Assistant shows no event of it. */
const RECOVERIES: ReadonlySet<EventType> = new Set(['source_recovered', 'load_recovered']);

/** What telling needs. */
export interface EventsParts {
  entities: Entities;
  /** Undefined for a source that does not exist any more. */
  familyOf(sourceId: string): 'camera' | 'website' | undefined;
  topicOf(sourceId: string): string;
  /** Puts the source's state on the broker and resolves when it is there. */
  stateSent(sourceId: string): Promise<void>;
  refusals: Pick<Refusals, 'note'>;
  log: Log;
}

/** Tells events while a connection is attached; those of other times are in the history. */
export class Events {
  readonly #parts: EventsParts;
  #connection: Connection | undefined;
  #inFlight = 0;

  constructor(parts: EventsParts) {
    this.#parts = parts;
  }

  attach(connection: Connection): void {
    this.#connection = connection;
  }

  detach(): void {
    this.#connection = undefined;
  }

  /** Tells an event that began. */
  async tell(event: Event): Promise<void> {
    const { sourceId, type } = event;
    const family = this.#parts.familyOf(sourceId);
    if (!family || !isListed(this.#parts.entities, family, type)) return;
    if (RECOVERIES.has(type)) await this.#parts.stateSent(sourceId);
    const { id, summary, openedAt } = event;
    await this.#send(sourceId, { event_type: type, event_id: id, summary, at: openedAt });
  }

  async #send(sourceId: string, payload: object): Promise<void> {
    const connection = this.#connection;
    if (!connection || this.#inFlight >= MAX_IN_FLIGHT) return;
    this.#inFlight++;
    const topic = this.#parts.topicOf(sourceId);
    try {
      await connection.send(topic, JSON.stringify(payload), { qos: 1, retain: false });
    } catch (thrown) {
      const isRefused = thrown instanceof GlimpserError && thrown.code === 'broker-refused-topic';
      if (isRefused) this.#parts.refusals.note('write', topic, thrown);
      else this.#parts.log.debug(`An event was not told: ${sentenceOf(thrown)}`);
    } finally {
      this.#inFlight--;
    }
  }
}

function isListed(entities: Entities, family: 'camera' | 'website', type: EventType): boolean {
  return [...entities[family].values()].some(entity => entity.eventTypes?.includes(type) ?? false);
}
