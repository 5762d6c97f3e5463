/** Sources that are remembered but not configured: how long hubs that ran have missed each, over several starts. */
import { sql } from 'kysely';
import type { Database } from './database.ts';

/** The table of missing sources. */
export class MissingSources {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Takes down that these and no others are missing now, and that the hub ran for so long since it said so last;
   * answers for how long each has been missed, in milliseconds. Clocks have no say in it: they jump.
   */
  async note(sourceIds: readonly string[], ranMs: number): Promise<Map<string, number>> {
    return this.#db.transaction().execute(async db => {
      await db.deleteFrom('missing_sources').where('source_id', 'not in', sourceIds).execute();
      await db
        .updateTable('missing_sources')
        .set({ missed_ms: sql`missed_ms + ${ranMs}` })
        .execute();
      for (const source_id of sourceIds) {
        const insert = db.insertInto('missing_sources').values({ source_id, missed_ms: 0 });
        await insert.onConflict(conflict => conflict.doNothing()).execute();
      }
      const rows = await db.selectFrom('missing_sources').selectAll().execute();
      return new Map(rows.map(row => [row.source_id, row.missed_ms]));
    });
  }
}
