/** Small sealed values by name: the credentials of the built-in broker and the like. */
import type { SecretBox } from '#base/secret.ts';
import type { Database } from './database.ts';

/** The table of sealed values. */
export class HubValues {
  readonly #db: Database;
  readonly #box: SecretBox;

  constructor(db: Database, box: SecretBox) {
    this.#db = db;
    this.#box = box;
  }

  /** The open value. Throws `secret-unreadable` when it was sealed under another key. */
  async get(name: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('hub_values')
      .select('sealed')
      .where('name', '=', name)
      .executeTakeFirst();
    return row && this.#box.open(row.sealed);
  }

  async set(name: string, value: string): Promise<void> {
    const sealed = this.#box.seal(value);
    const insert = this.#db.insertInto('hub_values').values({ name, sealed });
    await insert.onConflict(conflict => conflict.column('name').doUpdateSet({ sealed })).execute();
  }
}
