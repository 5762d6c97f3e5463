/** Signed links can be withdrawn: each maker has a number that is raised, and older links open nothing. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('link_epochs')
    .addColumn('maker', 'text', column => column.primaryKey())
    .addColumn('epoch', 'integer', column => column.notNull())
    .execute();
}
