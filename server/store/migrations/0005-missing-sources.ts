/** Since when sources are missing from the settings, so that what they kept outlives settings that got lost. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('missing_sources')
    .addColumn('source_id', 'text', column => column.primaryKey())
    .addColumn('since', 'integer', column => column.notNull())
    .execute();
}
