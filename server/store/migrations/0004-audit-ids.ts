/** Names change and can be alike; the audit also keeps the id of who did it. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('audit').addColumn('who_id', 'text').execute();
}
