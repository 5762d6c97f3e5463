/** API keys: shown once when made, kept as a hash. */
import { isoTime } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import type { Role } from '#model/user.ts';
import { rowId } from './cursor.ts';
import type { Database } from './database.ts';
import type { KeyRow } from './tables.ts';
import { readGroups, writeGroups } from './users.ts';

/** A key as admins see it. */
export interface ApiKey {
  id: string;
  name: string;
  /** The first characters, to tell keys apart. */
  prefix: string;
  role: Role;
  groups: string[] | null;
  createdAt: string;
  lastUsedAt: string | null;
}

/** What a new key is made of. */
export interface NewKey {
  name: string;
  prefix: string;
  keyHash: string;
  role: Role;
  groups: string[] | null;
}

/** The table of API keys. */
export class Keys {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add(key: NewKey, at: number): Promise<ApiKey> {
    const row: KeyRow = {
      id: rowId(),
      name: key.name,
      prefix: key.prefix,
      key_hash: key.keyHash,
      role: key.role,
      groups: writeGroups(key.groups),
      created_at: at,
      last_used_at: null,
    };
    await this.#db.insertInto('keys').values(row).execute();
    return shape(row);
  }

  async list(): Promise<ApiKey[]> {
    return (await this.#db.selectFrom('keys').selectAll().orderBy('created_at', 'desc').execute()).map(shape);
  }

  async findByHash(keyHash: string): Promise<ApiKey | undefined> {
    const row = await this.#db
      .selectFrom('keys')
      .selectAll()
      .where('key_hash', '=', keyHash)
      .executeTakeFirst();
    return row && shape(row);
  }

  async find(id: string): Promise<ApiKey | undefined> {
    const row = await this.#db.selectFrom('keys').selectAll().where('id', '=', id).executeTakeFirst();
    return row && shape(row);
  }

  /** The changed key. Throws `not-found`. */
  async update(id: string, change: Partial<Pick<NewKey, 'name' | 'role' | 'groups'>>): Promise<ApiKey> {
    const { groups, ...same } = change;
    const set = { ...same, ...(groups === undefined ? {} : { groups: writeGroups(groups) }) };
    if (Object.keys(set).length > 0)
      await this.#db.updateTable('keys').set(set).where('id', '=', id).execute();
    const key = await this.find(id);
    if (key) return key;
    throw new GlimpserError('not-found', 'There is no such API key.');
  }

  async touch(id: string, at: number): Promise<void> {
    await this.#db.updateTable('keys').set({ last_used_at: at }).where('id', '=', id).execute();
  }

  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom('keys').where('id', '=', id).execute();
  }
}

function shape(row: KeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    role: row.role,
    groups: readGroups(row.groups),
    createdAt: isoTime(row.created_at),
    lastUsedAt: row.last_used_at === null ? null : isoTime(row.last_used_at),
  };
}
