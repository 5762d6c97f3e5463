/** A refresh token that is used twice is known again: the one before is kept as a hash. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('sessions').addColumn('previous_refresh_hash', 'text').execute();
  await db.schema.alterTable('sessions').addColumn('refreshed_at', 'integer').execute();
  await db.schema
    .createIndex('sessions_by_previous_refresh')
    .on('sessions')
    .column('previous_refresh_hash')
    .execute();
}
