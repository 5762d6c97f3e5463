/** Kept pictures: one row each; the file lies where the keeping put it. */
import { sql } from 'kysely';
import { isoTime } from '#base/clock.ts';
import type { Capture, CaptureReason } from '#model/capture.ts';
import { limitOf, type Page, type PageOptions, pageOf, positionOf } from './cursor.ts';
import type { Database } from './database.ts';
import type { CaptureRow } from './tables.ts';

/** By when they were kept and not by the time that they bear: a clock that was ahead would make them the newest for ever. */
const KEPT_ORDER = sql`rowid`;

/** Which captures a list shows. */
export interface CaptureFilter extends PageOptions {
  /** Only these sources; undefined: all. */
  sourceIds?: readonly string[] | undefined;
  reason?: CaptureReason | undefined;
  isStarred?: boolean | undefined;
}

/** The table of kept pictures. */
export class Captures {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add(capture: Capture): Promise<void> {
    const { sourceId, at, isStarred, ...same } = capture;
    const row = { ...same, source_id: sourceId, at: Date.parse(at), is_starred: Number(isStarred) };
    await this.#db.insertInto('captures').values(row).execute();
  }

  async list(filter: CaptureFilter): Promise<Page<Capture>> {
    const limit = limitOf(filter);
    const after = positionOf(filter);
    let query = this.#db.selectFrom('captures').selectAll();
    if (filter.sourceIds) query = query.where('source_id', 'in', filter.sourceIds);
    if (filter.reason) query = query.where('reason', '=', filter.reason);
    if (filter.isStarred !== undefined) query = query.where('is_starred', '=', Number(filter.isStarred));
    if (after) query = query.where(eb => eb(eb.refTuple('at', 'id'), '<', eb.tuple(after.at, after.id)));
    const rows = await query
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    return pageOf(rows, limit, row => row.at, shape);
  }

  async find(id: string): Promise<Capture | undefined> {
    const row = await this.#db.selectFrom('captures').selectAll().where('id', '=', id).executeTakeFirst();
    return row && shape(row);
  }

  async newestOf(sourceId: string): Promise<Capture | undefined> {
    const { items } = await this.list({ sourceIds: [sourceId], limit: 1 });
    return items[0];
  }

  /** Unstarred captures of a source beyond those kept last, the first kept first, `limit` at most. */
  async beyondNewest(sourceId: string, keep: number, limit: number): Promise<Capture[]> {
    const total = await this.count(sourceId);
    const excess = Math.min(total - keep, limit);
    if (excess <= 0) return [];
    const rows = await this.#db
      .selectFrom('captures')
      .selectAll()
      .where('source_id', '=', sourceId)
      .where('is_starred', '=', 0)
      .orderBy(KEPT_ORDER)
      .limit(excess)
      .execute();
    return rows.map(shape);
  }

  /** How many unstarred captures a source has. */
  async count(sourceId: string): Promise<number> {
    const row = await this.#db
      .selectFrom('captures')
      .select(eb => eb.fn.countAll<number>().as('many'))
      .where('source_id', '=', sourceId)
      .where('is_starred', '=', 0)
      .executeTakeFirstOrThrow();
    return row.many;
  }

  /** Bytes and number of all captures, or of one source. */
  async totals(sourceId?: string): Promise<{ captures: number; bytes: number }> {
    let query = this.#db
      .selectFrom('captures')
      .select(eb => [eb.fn.countAll<number>().as('captures'), eb.fn.sum<number | null>('bytes').as('bytes')]);
    if (sourceId !== undefined) query = query.where('source_id', '=', sourceId);
    const { captures, bytes } = await query.executeTakeFirstOrThrow();
    return { captures, bytes: bytes ?? 0 };
  }

  /** The changed capture, or undefined when there is none. */
  async star(id: string, isStarred: boolean): Promise<Capture | undefined> {
    await this.#db
      .updateTable('captures')
      .set({ is_starred: Number(isStarred) })
      .where('id', '=', id)
      .execute();
    return this.find(id);
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#db.deleteFrom('captures').where('id', 'in', ids).execute();
  }

  /** Ids of captures of a source, `limit` at most, for removing it bit by bit. */
  async someOf(sourceId: string, limit: number): Promise<Capture[]> {
    const query = this.#db.selectFrom('captures').selectAll().where('source_id', '=', sourceId);
    return (await query.limit(limit).execute()).map(shape);
  }

  /** Which of these ids exist. */
  async known(ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const rows = await this.#db.selectFrom('captures').select('id').where('id', 'in', ids).execute();
    return new Set(rows.map(row => row.id));
  }

  /** When the newest capture of each source was taken, in epoch milliseconds. */
  async newestAt(): Promise<Map<string, number>> {
    const query = this.#db.selectFrom('captures').select(eb => ['source_id', eb.fn.max('at').as('at')]);
    return new Map((await query.groupBy('source_id').execute()).map(row => [row.source_id, row.at]));
  }

  /** Ids of sources that have captures. */
  async sourceIds(): Promise<string[]> {
    const rows = await this.#db.selectFrom('captures').select('source_id').distinct().execute();
    return rows.map(row => row.source_id);
  }
}

function shape(row: CaptureRow): Capture {
  const { source_id, is_starred, at, ...same } = row;
  return { ...same, sourceId: source_id, at: isoTime(at), isStarred: is_starred === 1 };
}
