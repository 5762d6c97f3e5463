/** Events: opened when something begins, closed when it ends. */
import { sql } from 'kysely';
import { isoTime } from '#base/clock.ts';
import type { Event, EventType } from '#model/event.ts';
import { limitOf, type Page, type PageOptions, pageOf, positionOf } from './cursor.ts';
import type { Database } from './database.ts';
import type { EventRow } from './tables.ts';

/** Which events a list shows. */
export interface EventFilter extends PageOptions {
  /** Only these sources; undefined: all. */
  sourceIds?: readonly string[] | undefined;
  type?: EventType | undefined;
  /** True: only those that last; false: only those that ended. */
  isOpen?: boolean | undefined;
}

/** Whatever time events bear: the clock may have been wrong for a while. */
const ADDED_ORDER = sql`rowid`;
const KEPT_ROWS = 10_000;
const SWEEP_EVERY = 100;

/** The table of events; the newest ten thousand of each source are kept. */
export class Events {
  readonly #db: Database;
  /** How many were added of each source since the last sweep; a source without a count was never swept. */
  readonly #added = new Map<string, number>();

  constructor(db: Database) {
    this.#db = db;
  }

  async open(event: Event): Promise<void> {
    const row: EventRow = {
      id: event.id,
      source_id: event.sourceId,
      type: event.type,
      opened_at: Date.parse(event.openedAt),
      closed_at: event.closedAt === null ? null : Date.parse(event.closedAt),
      summary: event.summary,
    };
    await this.#db.insertInto('events').values(row).execute();
    await this.#sweepNowAndThen(event.sourceId);
  }

  /** Ends an event; ending twice changes nothing. */
  async close(id: string, closedAt: string): Promise<void> {
    const closing = this.#db.updateTable('events').set({ closed_at: Date.parse(closedAt) });
    await closing.where('id', '=', id).where('closed_at', 'is', null).execute();
  }

  /** The event of this type that still lasts at a source. */
  async openOf(sourceId: string, type: EventType): Promise<Event | undefined> {
    const query = this.#db
      .selectFrom('events')
      .selectAll()
      .where('source_id', '=', sourceId)
      .where('type', '=', type);
    const row = await query.where('closed_at', 'is', null).orderBy('opened_at', 'desc').executeTakeFirst();
    return row && shape(row);
  }

  async list(filter: EventFilter): Promise<Page<Event>> {
    const limit = limitOf(filter);
    const after = positionOf(filter);
    let query = this.#db.selectFrom('events').selectAll();
    if (filter.sourceIds) query = query.where('source_id', 'in', filter.sourceIds);
    if (filter.type) query = query.where('type', '=', filter.type);
    if (filter.isOpen !== undefined) query = query.where('closed_at', filter.isOpen ? 'is' : 'is not', null);
    if (after)
      query = query.where(eb => eb(eb.refTuple('opened_at', 'id'), '<', eb.tuple(after.at, after.id)));
    const rows = await query
      .orderBy('opened_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    return pageOf(rows, limit, row => row.opened_at, shape);
  }

  async find(id: string): Promise<Event | undefined> {
    const row = await this.#db.selectFrom('events').selectAll().where('id', '=', id).executeTakeFirst();
    return row && shape(row);
  }

  async count(sourceId: string): Promise<number> {
    const query = this.#db.selectFrom('events').select(eb => eb.fn.countAll<number>().as('many'));
    return (await query.where('source_id', '=', sourceId).executeTakeFirstOrThrow()).many;
  }

  /** Removes what lies beyond the newest ten thousand of a source, or beyond `keep`; what still lasts stays. */
  async sweep(sourceId: string, keep = KEPT_ROWS): Promise<void> {
    const newest = this.#db.selectFrom('events').select('id').where('source_id', '=', sourceId);
    const kept = newest.orderBy(ADDED_ORDER, 'desc').limit(keep);
    await this.#db
      .deleteFrom('events')
      .where('source_id', '=', sourceId)
      .where('closed_at', 'is not', null)
      .where('id', 'not in', kept)
      .execute();
  }

  /** With the first event after a start, too: a hub that restarts often must not grow without end. */
  async #sweepNowAndThen(sourceId: string): Promise<void> {
    const added = this.#added.get(sourceId) ?? SWEEP_EVERY;
    this.#added.set(sourceId, added >= SWEEP_EVERY ? 1 : added + 1);
    if (added >= SWEEP_EVERY) await this.sweep(sourceId);
  }

  /** Removes what happened at a source. */
  async removeOf(sourceId: string): Promise<void> {
    this.#added.delete(sourceId);
    await this.#db.deleteFrom('events').where('source_id', '=', sourceId).execute();
  }
}

function shape(row: EventRow): Event {
  return {
    id: row.id,
    sourceId: row.source_id,
    type: row.type,
    openedAt: isoTime(row.opened_at),
    closedAt: row.closed_at === null ? null : isoTime(row.closed_at),
    summary: row.summary,
  };
}
