/** Who did what, and when: appended, never changed, the newest ten thousand kept. */
import { sql } from 'kysely';
import { isoTime } from '#base/clock.ts';
import { limitOf, type Page, type PageOptions, pageOf, positionOf, rowId } from './cursor.ts';
import type { Database } from './database.ts';
import type { AuditRow } from './tables.ts';

/** Whatever time the lines bear: the clock may have been wrong for a while. */
const ADDED_ORDER = sql`rowid`;
const KEPT_ROWS = 10_000;
const SWEEP_EVERY = 500;

/** One line of the audit. */
export interface AuditEntry {
  id: string;
  at: string;
  who: string;
  /** Id of the user or key, or of the user in Home Assistant; null for the hub and MQTT. */
  whoId: string | null;
  action: string;
  target: string;
  detail: string;
}

/** What is appended. */
export type NewAuditEntry = Omit<AuditEntry, 'id' | 'at' | 'whoId'> & { whoId?: string | null };

/** The table of the audit. */
export class Audit {
  readonly #db: Database;
  #added = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  async append(entry: NewAuditEntry, at: number): Promise<void> {
    const { whoId = null, ...told } = entry;
    const row: AuditRow = {
      id: rowId(),
      at,
      ...told,
      who_id: whoId,
      detail: entry.detail.slice(0, 1000),
    };
    await this.#db.insertInto('audit').values(row).execute();
    if (++this.#added % SWEEP_EVERY === 0) await this.sweep();
  }

  async list(options: PageOptions): Promise<Page<AuditEntry>> {
    const limit = limitOf(options);
    const after = positionOf(options);
    let query = this.#db.selectFrom('audit').selectAll();
    if (after) query = query.where(eb => eb(eb.refTuple('at', 'id'), '<', eb.tuple(after.at, after.id)));
    const rows = await query
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    return pageOf(
      rows,
      limit,
      row => row.at,
      ({ who_id: whoId, ...row }) => ({ ...row, whoId, at: isoTime(row.at) }),
    );
  }

  /** Removes what lies beyond the newest ten thousand, or beyond `keep`. */
  async sweep(keep = KEPT_ROWS): Promise<void> {
    const kept = this.#db.selectFrom('audit').select('id').orderBy(ADDED_ORDER, 'desc').limit(keep);
    await this.#db.deleteFrom('audit').where('id', 'not in', kept).execute();
  }
}
