/** Accounts: set-up by a one-time link, logins and their ends. Who a request comes from is read in identify.ts. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import { isSameText, randomToken, type SecretBox, tokenHash } from '#base/secret.ts';
import { Turns } from '#base/turns.ts';
import type { AccountTables } from '#doors/http/services.ts';
import type { User } from '#model/user.ts';
import { type AccessTokens, createAccessTokens } from './access-token.ts';
import { FailedLogins } from './failed-logins.ts';
import { LoginLimit } from './login-limit.ts';
import { epochKey } from './media-token.ts';
import { hashPassword, isPassword } from './password.ts';
import { Refreshes } from './refresh.ts';

/** How long a login lasts. */
export const SESSION_LIFE_MS = 30 * 86_400_000;

/** Passwords that are checked at once: each takes 19 MiB and a core. */
const CHECKS = 2;

/** Where a login comes from. */
export interface Caller {
  address: string;
  agent: string;
}

/** A fresh login. */
export interface Login {
  /** For the cookie; stored as a hash only. */
  cookie: string;
  answer: { user: User; token: string; expiresAt: string; refreshToken: string };
}

/** What accounts are made of. */
export interface AccountsParts extends AccountTables {
  clock: Clock;
  secrets: SecretBox;
}

/** The accounts of a hub. */
export class Accounts {
  readonly tokens: AccessTokens;
  readonly limit: LoginLimit;
  readonly failed: FailedLogins;
  /** For the link that creates the first account; null once there is one. */
  setupToken: string | null = null;
  readonly #parts: AccountsParts;
  readonly #turns = new Turns(CHECKS);
  readonly #refreshes: Refreshes;
  #isSettingUp = false;

  constructor(parts: AccountsParts) {
    this.#parts = parts;
    this.tokens = createAccessTokens(parts.secrets, parts.clock);
    this.limit = new LoginLimit(parts.clock);
    this.failed = new FailedLogins(parts.clock);
    this.#refreshes = new Refreshes(parts);
  }

  /** Makes the one-time token when nobody has an account yet. */
  async open(): Promise<void> {
    if (!(await this.isSetUp())) this.setupToken = randomBytes(18).toString('base64url');
  }

  async isSetUp(): Promise<boolean> {
    return (await this.#parts.users.count()) > 0;
  }

  /** Creates the first admin. Throws `setup-done` or `setup-token-wrong`. */
  async setUp(given: { token: string; name: string; password: string }, caller: Caller): Promise<Login> {
    if (this.#isSettingUp || (await this.isSetUp())) throw setupDone();
    if (this.setupToken === null || !isSameText(given.token, this.setupToken)) {
      throw new GlimpserError(
        'setup-token-wrong',
        'This set-up link is wrong or was used. Open the link that the hub printed at its last start.',
      );
    }
    this.#isSettingUp = true;
    try {
      const user = await this.create({ ...given, role: 'admin', groups: null });
      this.setupToken = null;
      return await this.#begin(user, caller);
    } finally {
      this.#isSettingUp = false;
    }
  }

  /** Throws `login-failed`, the same for an unknown name and a wrong password, or `too-many-requests`. */
  async login(name: string, password: string, caller: Caller): Promise<Login> {
    const user = await this.check(name, password, caller.address);
    return this.#begin(user, caller);
  }

  /** The user of a name and a password, by the same limits as a login. */
  async check(name: string, password: string, address: string): Promise<User> {
    await this.limit.begin(address, name);
    const found = await this.#parts.users.findByName(name);
    if (!(await this.#isRight(password, found?.passwordHash)) || !found) {
      throw new GlimpserError('login-failed', 'Name or password is wrong. Check both and try again.');
    }
    this.limit.succeeded(address, name);
    return found.user;
  }

  /** A new bearer token; the refresh token is swapped. Throws `login-needed`. */
  async refresh(refreshToken: string): Promise<Omit<Login['answer'], 'user'>> {
    const session = await this.#refreshes.renew(refreshToken);
    const { token, ...bearer } = session;
    return { ...(await this.tokens.issue(bearer)), refreshToken: token };
  }

  async create(given: {
    name: string;
    password: string;
    role: User['role'];
    groups: string[] | null;
  }): Promise<User> {
    const { name, password, role, groups } = given;
    const passwordHash = await this.#hash(password);
    return this.#parts.users.add({ name, role, groups, passwordHash }, this.#parts.clock.now());
  }

  /** Sets a password, ends every login but one, and withdraws the user's signed links. */
  async changePassword(userId: string, password: string, keptSessionId?: string): Promise<void> {
    await this.#parts.users.update(userId, { passwordHash: await this.#hash(password) });
    await this.#parts.sessions.revokeAllOf(userId, keptSessionId);
    await this.#parts.linkEpochs.raise(epochKey({ by: 'user', maker: userId }));
  }

  async #begin(user: User, { address, agent }: Caller): Promise<Login> {
    const { sessions, users, clock } = this.#parts;
    const [cookie, refreshToken] = [randomToken(), randomToken()];
    const at = clock.now();
    const session = await sessions.add({
      userId: user.id,
      tokenHash: tokenHash(cookie),
      refreshHash: tokenHash(refreshToken),
      at,
      expiresAt: at + SESSION_LIFE_MS,
      address,
      agent,
    });
    await users.touch(user.id, at);
    await sessions.sweep(at);
    const issued = await this.tokens.issue({ userId: user.id, sessionId: session.id });
    return { cookie, answer: { user, ...issued, refreshToken } };
  }

  async #hash(password: string): Promise<string> {
    using _turn = await this.#turns.take(NEVER);
    return hashPassword(password);
  }

  async #isRight(password: string, stored: string | undefined): Promise<boolean> {
    using _turn = await this.#turns.take(NEVER);
    return isPassword(password, stored);
  }
}

const NEVER = new AbortController().signal;

function setupDone(): GlimpserError {
  return new GlimpserError('setup-done', 'The hub has an account already. Log in with it.');
}
