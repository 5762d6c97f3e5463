/** Tells events: never retained, and none that Home Assistant was not told of beforehand. */
import { sentenceOf } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Entities } from '#entities/kind.ts';
import type { Event, EventType } from '#model/event.ts';
import type { Connection } from './connection.ts';

const MAX_IN_FLIGHT = 50;

/** What ends what. */
const RECOVERY: Partial<Record<EventType, EventType>> = {
  source_lost: 'source_recovered',
  load_failed: 'load_recovered',
};

/** What telling needs. */
export interface EventsParts {
  entities: Entities;
  /** Undefined for a source that does not exist any more. */
  familyOf(sourceId: string): 'camera' | 'website' | undefined;
  topicOf(sourceId: string): string;
  /** Puts the source's state on the broker and resolves when it is there. */
  stateSent(sourceId: string): Promise<void>;
  log: Log;
}

/** Tells events while a connection is attached; those of other times are in the history. */
export class Events {
  readonly #parts: EventsParts;
  readonly #lastOf = new Map<string, EventType>();
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

  opened(event: Event): Promise<void> {
    return this.#tell(event, event.type, event.openedAt);
  }

  /** The end of a loss is an event of its own for Home Assistant. */
  async closed(event: Event): Promise<void> {
    const recovery = RECOVERY[event.type];
    if (recovery) await this.#tell(event, recovery, event.closedAt ?? event.openedAt);
  }

  forget(sourceId: string): void {
    this.#lastOf.delete(sourceId);
  }

  async #tell(event: Event, type: EventType, at: string): Promise<void> {
    const { sourceId } = event;
    const isRecovery = Object.values(RECOVERY).includes(type);
    // A recovery may be told as the end of a loss and as an event of its own.
    const isTold = isRecovery && this.#lastOf.get(sourceId) === type;
    const family = this.#parts.familyOf(sourceId);
    if (isTold || !family || !isListed(this.#parts.entities, family, type)) return;
    this.#lastOf.set(sourceId, type);
    // While a source is unavailable its events are not shown, so it comes back first.
    if (isRecovery) await this.#parts.stateSent(sourceId);
    await this.#send(sourceId, { event_type: type, event_id: event.id, summary: event.summary, at });
  }

  async #send(sourceId: string, payload: object): Promise<void> {
    const connection = this.#connection;
    if (!connection || this.#inFlight >= MAX_IN_FLIGHT) return;
    this.#inFlight++;
    try {
      const topic = this.#parts.topicOf(sourceId);
      await connection.send(topic, JSON.stringify(payload), { qos: 1, retain: false });
    } catch (thrown) {
      this.#parts.log.debug(`An event was not told: ${sentenceOf(thrown)}`);
    } finally {
      this.#inFlight--;
    }
  }
}

function isListed(entities: Entities, family: 'camera' | 'website', type: EventType): boolean {
  return [...entities[family].values()].some(entity => entity.eventTypes?.includes(type) ?? false);
}
