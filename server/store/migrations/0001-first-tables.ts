/** The first tables: what was kept, what happened, who may look, who did what. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('captures')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('source_id', 'text', column => column.notNull())
    .addColumn('at', 'integer', column => column.notNull())
    .addColumn('reason', 'text', column => column.notNull())
    .addColumn('type', 'text', column => column.notNull())
    .addColumn('width', 'integer', column => column.notNull())
    .addColumn('height', 'integer', column => column.notNull())
    .addColumn('bytes', 'integer', column => column.notNull())
    .addColumn('is_starred', 'integer', column => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createIndex('captures_by_source')
    .on('captures')
    .columns(['source_id', 'at', 'id'])
    .execute();
  await db.schema.createIndex('captures_by_time').on('captures').columns(['at', 'id']).execute();
  await db.schema
    .createTable('events')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('source_id', 'text', column => column.notNull())
    .addColumn('type', 'text', column => column.notNull())
    .addColumn('opened_at', 'integer', column => column.notNull())
    .addColumn('closed_at', 'integer')
    .addColumn('summary', 'text', column => column.notNull())
    .execute();
  await db.schema
    .createIndex('events_by_source')
    .on('events')
    .columns(['source_id', 'opened_at', 'id'])
    .execute();
  await db.schema.createIndex('events_by_time').on('events').columns(['opened_at', 'id']).execute();
  await createAccounts(db);
  await createRest(db);
}

async function createAccounts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('name', 'text', column => column.notNull())
    .addColumn('name_key', 'text', column => column.notNull().unique())
    .addColumn('role', 'text', column => column.notNull())
    .addColumn('groups', 'text')
    .addColumn('password_hash', 'text', column => column.notNull())
    .addColumn('created_at', 'integer', column => column.notNull())
    .addColumn('last_seen_at', 'integer')
    .execute();
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('user_id', 'text', column => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('token_hash', 'text', column => column.notNull().unique())
    .addColumn('refresh_hash', 'text', column => column.notNull().unique())
    .addColumn('created_at', 'integer', column => column.notNull())
    .addColumn('last_seen_at', 'integer', column => column.notNull())
    .addColumn('expires_at', 'integer', column => column.notNull())
    .addColumn('address', 'text', column => column.notNull())
    .addColumn('agent', 'text', column => column.notNull())
    .execute();
  await db.schema
    .createTable('keys')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('name', 'text', column => column.notNull())
    .addColumn('prefix', 'text', column => column.notNull())
    .addColumn('key_hash', 'text', column => column.notNull().unique())
    .addColumn('role', 'text', column => column.notNull())
    .addColumn('groups', 'text')
    .addColumn('created_at', 'integer', column => column.notNull())
    .addColumn('last_used_at', 'integer')
    .execute();
}

async function createRest(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('at', 'integer', column => column.notNull())
    .addColumn('who', 'text', column => column.notNull())
    .addColumn('action', 'text', column => column.notNull())
    .addColumn('target', 'text', column => column.notNull())
    .addColumn('detail', 'text', column => column.notNull())
    .execute();
  await db.schema.createIndex('audit_by_time').on('audit').columns(['at', 'id']).execute();
  await db.schema
    .createTable('hub_values')
    .addColumn('name', 'text', column => column.primaryKey())
    .addColumn('sealed', 'text', column => column.notNull())
    .execute();
  await db.schema
    .createTable('states')
    .addColumn('source_id', 'text', column => column.primaryKey())
    .addColumn('at', 'integer', column => column.notNull())
    .addColumn('state', 'text', column => column.notNull())
    .execute();
}
