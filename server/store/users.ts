/** Users: names compared without case, passwords as argon2id hashes that others make. */
import { isoTime } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import type { Role, User } from '#model/user.ts';
import { rowId } from './cursor.ts';
import type { Database } from './database.ts';
import type { UserRow } from './tables.ts';

/** What a new user is made of. */
export interface NewUser {
  name: string;
  role: Role;
  groups: string[] | null;
  passwordHash: string;
}

/** A user with the hash of the password. */
export interface UserWithHash {
  user: User;
  passwordHash: string;
}

/** The table of users. */
export class Users {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Throws `conflict` when the name is taken. */
  async add(user: NewUser, at: number): Promise<User> {
    const row: UserRow = {
      id: rowId(),
      name: user.name,
      name_key: keyOf(user.name),
      role: user.role,
      groups: writeGroups(user.groups),
      password_hash: user.passwordHash,
      created_at: at,
      last_seen_at: null,
    };
    await this.#refuseTaken(user.name, row.id);
    await this.#db.insertInto('users').values(row).execute();
    return shape(row);
  }

  async list(): Promise<User[]> {
    return (await this.#db.selectFrom('users').selectAll().orderBy('name_key').execute()).map(shape);
  }

  async find(id: string): Promise<User | undefined> {
    return (await this.findWithHash(id))?.user;
  }

  async findWithHash(id: string): Promise<UserWithHash | undefined> {
    return withHash(await this.#db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst());
  }

  async findByName(name: string): Promise<UserWithHash | undefined> {
    const query = this.#db.selectFrom('users').selectAll().where('name_key', '=', keyOf(name));
    return withHash(await query.executeTakeFirst());
  }

  async count(role?: Role): Promise<number> {
    let query = this.#db.selectFrom('users').select(eb => eb.fn.countAll<number>().as('many'));
    if (role) query = query.where('role', '=', role);
    return (await query.executeTakeFirstOrThrow()).many;
  }

  /** The changed user. Throws `not-found` or `conflict`. */
  async update(id: string, change: Partial<NewUser>): Promise<User> {
    if (change.name !== undefined) await this.#refuseTaken(change.name, id);
    const set = {
      ...(change.name === undefined ? {} : { name: change.name, name_key: keyOf(change.name) }),
      ...(change.role === undefined ? {} : { role: change.role }),
      ...(change.groups === undefined ? {} : { groups: writeGroups(change.groups) }),
      ...(change.passwordHash === undefined ? {} : { password_hash: change.passwordHash }),
    };
    if (Object.keys(set).length > 0)
      await this.#db.updateTable('users').set(set).where('id', '=', id).execute();
    const user = await this.find(id);
    if (user) return user;
    throw new GlimpserError('not-found', 'There is no such user.');
  }

  async touch(id: string, at: number): Promise<void> {
    await this.#db.updateTable('users').set({ last_seen_at: at }).where('id', '=', id).execute();
  }

  /** Removes a user and every session of it. */
  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom('users').where('id', '=', id).execute();
  }

  async #refuseTaken(name: string, ownId: string): Promise<void> {
    const found = await this.findByName(name);
    if (!found || found.user.id === ownId) return;
    throw new GlimpserError(
      'conflict',
      `There is a user “${found.user.name}” already. Choose another name.`,
      {
        errors: [{ path: 'name', message: 'is taken' }],
      },
    );
  }
}

/** The list of groups as it is stored; null stays null. */
export function writeGroups(groups: string[] | null): string | null {
  return groups === null ? null : JSON.stringify(groups);
}

/** The list of groups as it is used. */
export function readGroups(stored: string | null): string[] | null {
  return stored === null ? null : (JSON.parse(stored) as string[]);
}

function keyOf(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}

function withHash(row: UserRow | undefined): UserWithHash | undefined {
  return row && { user: shape(row), passwordHash: row.password_hash };
}

function shape(row: UserRow): User {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    groups: readGroups(row.groups),
    createdAt: isoTime(row.created_at),
    lastSeenAt: row.last_seen_at === null ? null : isoTime(row.last_seen_at),
  };
}
