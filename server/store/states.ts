/** The last state of every source, so that a restart does not forget when the last picture came. */
import { type LastSeen, lastSeenSchema, type SourceState } from '#model/state.ts';
import type { Database } from './database.ts';

/** The table of states. */
export class SourceStates {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Writes all of them or none. */
  async save(states: readonly SourceState[], at: number): Promise<void> {
    await this.#db.transaction().execute(async db => {
      for (const { sourceId, ...rest } of states) {
        const state = JSON.stringify(rest);
        const insert = db.insertInto('states').values({ source_id: sourceId, at, state });
        await insert
          .onConflict(conflict => conflict.column('source_id').doUpdateSet({ at, state }))
          .execute();
      }
    });
  }

  /** What stays true over a restart, by source; a row that another version wrote differently is left out. */
  async lastSeen(): Promise<Map<string, LastSeen>> {
    const rows = await this.#db.selectFrom('states').select(['source_id', 'state']).execute();
    const read = rows.map(row => [row.source_id, lastSeenSchema.safeParse(parse(row.state)).data] as const);
    return new Map(read.flatMap(([id, seen]) => (seen ? [[id, seen] as const] : [])));
  }

  async removeOf(sourceId: string): Promise<void> {
    await this.#db.deleteFrom('states').where('source_id', '=', sourceId).execute();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
