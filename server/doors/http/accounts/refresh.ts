/** Refresh tokens: each is used once. One that comes again is in two hands, and ends the login for both. */
import type { Clock } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import { randomToken, tokenHash } from '#base/secret.ts';
import type { AccountTables } from '#doors/http/services.ts';
import type { TokenBearer } from './access-token.ts';

/** An answer that was lost on its way is asked for again within this, and two tabs ask at once. */
const OVERLAP_MS = 10_000;

/** What swapping needs. */
export interface RefreshParts extends Pick<AccountTables, 'sessions' | 'audit'> {
  clock: Clock;
}

/** Swaps refresh tokens. */
export class Refreshes {
  readonly #parts: RefreshParts;

  constructor(parts: RefreshParts) {
    this.#parts = parts;
  }

  /** Whose token it was, and the next one. Throws `login-needed`. */
  async renew(refreshToken: string): Promise<TokenBearer & { token: string }> {
    const { sessions, clock } = this.#parts;
    const oldHash = tokenHash(refreshToken);
    const token = randomToken();
    const session = await sessions.findByRefresh(oldHash, clock.now());
    if (session && (await sessions.renew(session.id, oldHash, tokenHash(token), clock.now()))) {
      return { userId: session.userId, sessionId: session.id, token };
    }
    return { ...(await this.#again(oldHash, token)), token };
  }

  async #again(oldHash: string, token: string): Promise<TokenBearer> {
    const { sessions, audit, clock } = this.#parts;
    const found = await sessions.findByPreviousRefresh(oldHash, clock.now());
    if (!found) throw ended();
    const { session, refreshedAt } = found;
    if (clock.now() - refreshedAt <= OVERLAP_MS) {
      await sessions.renewAgain(session.id, tokenHash(token));
      return { userId: session.userId, sessionId: session.id };
    }
    await sessions.revoke(session.id);
    const entry = { who: 'hub', action: 'end-login', target: session.userId };
    await audit.append({ ...entry, detail: 'A refresh token was used twice' }, clock.now());
    throw ended();
  }
}

function ended(): GlimpserError {
  return new GlimpserError('login-needed', 'This refresh token has expired or was used. Log in again.');
}
