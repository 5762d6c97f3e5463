/** Who a request comes from: cookie, bearer token, API key, Basic login, signed link, or Home Assistant. */
import type { IncomingMessage } from 'node:http';
import { GlimpserError } from '#base/errors.ts';
import { isSameText, tokenHash } from '#base/secret.ts';
import { clientAddress, firstOf } from '#doors/http/peer.ts';
import type { AccountTables, HttpServices } from '#doors/http/services.ts';
import type { Preferences } from '#model/settings.ts';
import { type Identity, includesRole, type User } from '#model/user.ts';
import type { Session } from '#store/sessions.ts';
import type { Accounts } from './accounts.ts';
import { BasicLogins } from './basic-login.ts';
import { readSessionCookie } from './cookie.ts';
import type { Media, MediaGrant, MediaTokens } from './media-token.ts';

/** Keys that the hub makes begin with this. */
export const KEY_PREFIX = 'glk_';

const TOUCH_MS = 60_000;

/** The picture that is asked for; signed links and Basic logins open nothing else. */
export interface MediaAsked {
  what: Media;
  sourceId: string;
  token: string | undefined;
}

/** What identifying needs. */
export type IdentifyParts = AccountTables &
  Pick<HttpServices, 'clock' | 'config' | 'log' | 'settings'> & {
    accounts: Accounts;
    media: MediaTokens;
    isIngress(request: IncomingMessage): boolean;
  };

/** Reads who a request comes from. Undefined: nobody in particular. Throws `login-needed` for a proof that is wrong. */
export type Identify = (request: IncomingMessage, media?: MediaAsked) => Promise<Identity | undefined>;

/** Who has this name and password, an API key as the password included. Throws `login-failed`, `too-many-requests`. */
export type ByPassword = (name: string, password: string, address: string) => Promise<Identity>;

/** Makes the one reader of identities, for HTTP and WebSocket alike. */
export function createIdentify(parts: IdentifyParts): { identify: Identify; byPassword: ByPassword } {
  const reader = new IdentityReader(parts);
  return {
    identify: (request, media) => reader.read(request, media),
    byPassword: (name, password, address) => reader.byPassword(name, password, address),
  };
}

class IdentityReader {
  readonly #parts: IdentifyParts;
  readonly #basic: BasicLogins;

  constructor(parts: IdentifyParts) {
    this.#parts = parts;
    this.#basic = new BasicLogins(parts.accounts, parts.users);
  }

  async read(request: IncomingMessage, media: MediaAsked | undefined): Promise<Identity | undefined> {
    if (this.#parts.isIngress(request)) return this.#ingress(request);
    const [scheme = '', proof = ''] = (request.headers.authorization ?? '').trim().split(/\s+/, 2);
    if (/^bearer$/i.test(scheme)) return must(await this.#bearer(proof), 'The bearer token');
    if (/^basic$/i.test(scheme) && media) return this.#basicLogin(request, proof);
    const key = firstOf(request, 'x-api-key');
    if (key !== undefined) return must(await this.#key(key), 'The API key');
    if (media?.token !== undefined) return must(await this.#grant(media), 'The link');
    const cookie = readSessionCookie(request);
    return cookie === undefined ? undefined : this.#cookie(cookie);
  }

  #ingress(request: IncomingMessage): Identity {
    return ingressIdentity(request, this.#parts.settings.now().preferences.ingress);
  }

  async byPassword(name: string, password: string, address: string): Promise<Identity> {
    const byKey = await this.#key(password);
    if (byKey) return byKey;
    return userIdentity(await this.#basic.check(name, password, address), 'token', null);
  }

  #bearer(proof: string): Promise<Identity | undefined> {
    const isJwt = proof.split('.').length === 3;
    return isJwt ? this.#jwt(proof) : this.#key(proof);
  }

  async #jwt(token: string): Promise<Identity | undefined> {
    const bearer = await this.#parts.accounts.tokens.read(token);
    const session = bearer && (await this.#parts.sessions.find(bearer.sessionId, this.#parts.clock.now()));
    return session?.userId === bearer?.userId ? this.#owner(session, 'bearer') : undefined;
  }

  async #cookie(token: string): Promise<Identity | undefined> {
    const session = await this.#parts.sessions.findByToken(tokenHash(token), this.#parts.clock.now());
    return this.#owner(session, 'cookie');
  }

  async #owner(session: Session | undefined, by: 'cookie' | 'bearer'): Promise<Identity | undefined> {
    const user = session && (await this.#parts.users.find(session.userId));
    if (!user) return undefined;
    const now = this.#parts.clock.now();
    if (now - Date.parse(session.lastSeenAt) > TOUCH_MS) {
      await this.#touched(async () => {
        await this.#parts.sessions.touch(session.id, now);
        await this.#parts.users.touch(user.id, now);
      });
    }
    return userIdentity(user, by, session.id);
  }

  /** A disk that takes nothing new shuts nobody out. */
  async #touched(note: () => Promise<unknown>): Promise<void> {
    await note().catch(thrown =>
      this.#parts.log.debug('It could not be noted who was here', { error: thrown }),
    );
  }

  async #key(secret: string): Promise<Identity | undefined> {
    const { config, keys, clock } = this.#parts;
    if (config.API_KEY !== undefined && isSameText(secret, config.API_KEY)) return FIXED_KEY;
    const key = secret.startsWith(KEY_PREFIX) ? await keys.findByHash(tokenHash(secret)) : undefined;
    if (!key) return undefined;
    const now = clock.now();
    if (now - Date.parse(key.lastUsedAt ?? key.createdAt) > TOUCH_MS || key.lastUsedAt === null) {
      await this.#touched(() => keys.touch(key.id, now));
    }
    const { role, groups } = key;
    return { name: `key:${key.name}`, userId: null, keyId: key.id, role, groups, by: 'key', sessionId: null };
  }

  async #basicLogin(request: IncomingMessage, proof: string): Promise<Identity> {
    const [name = '', password = ''] = Buffer.from(proof, 'base64').toString('utf8').split(/:(.*)/s, 2);
    return this.byPassword(name, password, clientAddress(request));
  }

  async #grant({ what, sourceId, token }: MediaAsked): Promise<Identity | undefined> {
    const grant = await this.#parts.media.read(token ?? '');
    if (!grant || grant.what !== what || grant.sourceId !== sourceId) return undefined;
    const maker = await this.#maker(grant);
    const role = maker && (includesRole(grant.role, maker.role) ? maker.role : grant.role);
    return maker && role && { ...maker, role, name: `link:${maker.name}`, by: 'token', sessionId: null };
  }

  /** Whoever made a link, as they are now: without them, or without their rights, it opens nothing. */
  async #maker({ by, maker }: MediaGrant): Promise<Identity | undefined> {
    if (by === 'hub') return HUB;
    if (by === 'key') {
      const key = await this.#parts.keys.find(maker);
      return key && { ...HUB, name: key.name, role: key.role, groups: key.groups };
    }
    const user = await this.#parts.users.find(maker);
    return user && userIdentity(user, 'token', null);
  }
}

const FIXED_KEY: Identity = {
  name: 'key:API_KEY',
  userId: null,
  role: 'admin',
  groups: null,
  by: 'key',
  sessionId: null,
};

const HUB: Identity = { ...FIXED_KEY, name: 'hub', by: 'token' };

function userIdentity(user: User, by: Identity['by'], sessionId: string | null): Identity {
  return { name: user.name, userId: user.id, role: user.role, groups: user.groups, by, sessionId };
}

/** Home Assistant has checked the person; its Supervisor strips what a client sends under these names. */
function ingressIdentity(request: IncomingMessage, { role, users }: Preferences['ingress']): Identity {
  const id = firstOf(request, 'x-remote-user-id')?.slice(0, 64);
  const given = firstOf(request, 'x-remote-user-display-name') ?? firstOf(request, 'x-remote-user-name');
  const name = Array.from(given ?? 'home-assistant')
    .slice(0, 80)
    .join('');
  return {
    name: `ingress:${name}`,
    userId: null,
    ...(id === undefined ? {} : { ingressUserId: id }),
    role: id !== undefined && Object.hasOwn(users, id) ? (users[id] ?? role) : role,
    groups: null,
    by: 'ingress',
    sessionId: null,
  };
}

function must(identity: Identity | undefined, what: string): Identity {
  if (identity) return identity;
  throw new GlimpserError('login-needed', `${what} is wrong, has expired or was withdrawn. Log in again.`);
}
