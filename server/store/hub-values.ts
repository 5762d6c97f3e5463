/** Small sealed values by name: the credentials of the built-in broker and the like. */
import type { SecretBox } from '#base/secret.ts';
import type { Database } from './database.ts';

const ASIDE = ' of another key';

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
    const sealed = await this.#read(name);
    if (sealed === undefined || this.#opens(sealed)) return sealed && this.#box.open(sealed);
    const aside = await this.#read(name + ASIDE);
    return this.#box.open(aside !== undefined && this.#opens(aside) ? aside : sealed);
  }

  /** Stores a value. One that another key sealed is put aside: whoever comes back with that key finds it again. */
  async set(name: string, value: string): Promise<void> {
    const before = await this.#read(name);
    if (before !== undefined && !this.#opens(before)) await this.#write(name + ASIDE, before);
    await this.#write(name, this.#box.seal(value));
  }

  async #read(name: string): Promise<string | undefined> {
    const query = this.#db.selectFrom('hub_values').select('sealed').where('name', '=', name);
    return (await query.executeTakeFirst())?.sealed;
  }

  #opens(sealed: string): boolean {
    try {
      this.#box.open(sealed);
      return true;
    } catch {
      return false;
    }
  }

  async #write(name: string, sealed: string): Promise<void> {
    const insert = this.#db.insertInto('hub_values').values({ name, sealed });
    await insert.onConflict(conflict => conflict.column('name').doUpdateSet({ sealed })).execute();
  }
}
