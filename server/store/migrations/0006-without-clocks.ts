/** What forgetting goes by no longer depends on the machine's clock: the order of keeping, and how long sources were missed. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Rows of one index key lie by their row number, which is the order in which they were kept.
  await db.schema
    .createIndex('captures_by_kept')
    .on('captures')
    .columns(['source_id', 'is_starred'])
    .execute();
  await db.schema.dropTable('missing_sources').execute();
  await db.schema
    .createTable('missing_sources')
    .addColumn('source_id', 'text', column => column.primaryKey())
    .addColumn('missed_ms', 'integer', column => column.notNull().defaultTo(0))
    .execute();
}
