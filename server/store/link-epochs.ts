/** Which signed links still work: each maker's links carry the epoch in which they were made. */
import type { Database } from './database.ts';

const EVERYBODY = 'all';

/** The table of epochs. Only this process writes it, so it is read once. */
export class LinkEpochs {
  readonly #db: Database;
  #known: Promise<Map<string, number>> | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The epoch of a maker now; it changes when the maker's links, or everybody's, are withdrawn. */
  async current(maker: string): Promise<string> {
    const epochs = await this.#read();
    return `${epochs.get(EVERYBODY) ?? 0}.${epochs.get(maker) ?? 0}`;
  }

  /** Withdraws the links of a maker; of everybody when none is named. */
  async raise(maker = EVERYBODY): Promise<void> {
    const epochs = await this.#read();
    const epoch = (epochs.get(maker) ?? 0) + 1;
    epochs.set(maker, epoch);
    const insert = this.#db.insertInto('link_epochs').values({ maker, epoch });
    await insert.onConflict(conflict => conflict.column('maker').doUpdateSet({ epoch })).execute();
  }

  #read(): Promise<Map<string, number>> {
    this.#known ??= this.#db
      .selectFrom('link_epochs')
      .selectAll()
      .execute()
      .then(rows => new Map(rows.map(({ maker, epoch }) => [maker, epoch])));
    return this.#known;
  }
}
