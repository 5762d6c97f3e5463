/** Sources that are remembered but not configured: since when, over several starts. */
import type { Database } from './database.ts';

/** The table of missing sources. */
export class MissingSources {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Takes down that these and no others are missing now; answers since when each is, in epoch milliseconds. */
  async note(sourceIds: readonly string[], at: number): Promise<Map<string, number>> {
    return this.#db.transaction().execute(async db => {
      await db.deleteFrom('missing_sources').where('source_id', 'not in', sourceIds).execute();
      // A clock that was ahead for a while would make the wait longer than it is meant to be.
      await db.updateTable('missing_sources').set({ since: at }).where('since', '>', at).execute();
      for (const source_id of sourceIds) {
        const insert = db.insertInto('missing_sources').values({ source_id, since: at });
        await insert.onConflict(conflict => conflict.doNothing()).execute();
      }
      const rows = await db.selectFrom('missing_sources').selectAll().execute();
      return new Map(rows.map(row => [row.source_id, row.since]));
    });
  }
}
