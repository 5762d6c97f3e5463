/** Logins that last: only hashes of their tokens are kept, so a copy of the file opens nothing. */
import { isoTime } from '#base/clock.ts';
import { rowId } from './cursor.ts';
import type { Database } from './database.ts';
import type { SessionRow } from './tables.ts';

/** A login as its owner sees it. */
export interface Session {
  id: string;
  userId: string;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
  address: string;
  agent: string;
}

/** What a new login is made of. Instants are epoch milliseconds. */
export interface NewSession {
  userId: string;
  tokenHash: string;
  refreshHash: string;
  at: number;
  expiresAt: number;
  address: string;
  agent: string;
}

/** The table of logins. */
export class Sessions {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add(session: NewSession): Promise<Session> {
    const row: SessionRow = {
      id: rowId(),
      user_id: session.userId,
      token_hash: session.tokenHash,
      refresh_hash: session.refreshHash,
      previous_refresh_hash: null,
      refreshed_at: null,
      created_at: session.at,
      last_seen_at: session.at,
      expires_at: session.expiresAt,
      address: session.address.slice(0, 64),
      agent: session.agent.slice(0, 200),
    };
    await this.#db.insertInto('sessions').values(row).execute();
    return shape(row);
  }

  /** The login of a cookie, unless it has expired. */
  findByToken(tokenHash: string, at: number): Promise<Session | undefined> {
    return this.#findLive('token_hash', tokenHash, at);
  }

  /** The login of a refresh token, unless it has expired. */
  findByRefresh(refreshHash: string, at: number): Promise<Session | undefined> {
    return this.#findLive('refresh_hash', refreshHash, at);
  }

  /** The login whose refresh token before the present one this was, and when that was swapped. */
  async findByPreviousRefresh(
    refreshHash: string,
    at: number,
  ): Promise<{ session: Session; refreshedAt: number } | undefined> {
    const query = this.#db
      .selectFrom('sessions')
      .selectAll()
      .where('previous_refresh_hash', '=', refreshHash);
    const row = await query.where('expires_at', '>', at).executeTakeFirst();
    return row && { session: shape(row), refreshedAt: row.refreshed_at ?? 0 };
  }

  find(id: string, at: number): Promise<Session | undefined> {
    return this.#findLive('id', id, at);
  }

  async listOf(userId: string, at: number): Promise<Session[]> {
    const query = this.#db.selectFrom('sessions').selectAll().where('user_id', '=', userId);
    const rows = await query.where('expires_at', '>', at).orderBy('last_seen_at', 'desc').execute();
    return rows.map(shape);
  }

  async touch(id: string, at: number): Promise<void> {
    await this.#db.updateTable('sessions').set({ last_seen_at: at }).where('id', '=', id).execute();
  }

  /** Swaps the refresh token; false when the old one was used already. */
  async renew(id: string, oldRefreshHash: string, refreshHash: string, at: number): Promise<boolean> {
    const update = this.#db
      .updateTable('sessions')
      .set({ refresh_hash: refreshHash, previous_refresh_hash: oldRefreshHash, refreshed_at: at });
    const done = await update
      .where('id', '=', id)
      .where('refresh_hash', '=', oldRefreshHash)
      .executeTakeFirst();
    return Number(done.numUpdatedRows) === 1;
  }

  /** Replaces the present refresh token for somebody who never got it; the one before stays known. */
  async renewAgain(id: string, refreshHash: string): Promise<void> {
    await this.#db.updateTable('sessions').set({ refresh_hash: refreshHash }).where('id', '=', id).execute();
  }

  async revoke(id: string): Promise<void> {
    await this.#db.deleteFrom('sessions').where('id', '=', id).execute();
  }

  /** Ends every login of a user but one. */
  async revokeAllOf(userId: string, exceptId?: string): Promise<void> {
    let query = this.#db.deleteFrom('sessions').where('user_id', '=', userId);
    if (exceptId !== undefined) query = query.where('id', '!=', exceptId);
    await query.execute();
  }

  async sweep(at: number): Promise<void> {
    await this.#db.deleteFrom('sessions').where('expires_at', '<=', at).execute();
  }

  async #findLive(
    column: 'id' | 'token_hash' | 'refresh_hash',
    value: string,
    at: number,
  ): Promise<Session | undefined> {
    const query = this.#db.selectFrom('sessions').selectAll().where(column, '=', value);
    const row = await query.where('expires_at', '>', at).executeTakeFirst();
    return row && shape(row);
  }
}

function shape(row: SessionRow): Session {
  return {
    id: row.id,
    userId: row.user_id,
    createdAt: isoTime(row.created_at),
    lastSeenAt: isoTime(row.last_seen_at),
    expiresAt: isoTime(row.expires_at),
    address: row.address,
    agent: row.agent,
  };
}
