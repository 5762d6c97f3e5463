/** Lets a request in or refuses it: identity, role, origin and rate, in this order, the same for every route. */
import type { IncomingMessage } from 'node:http';
import { GlimpserError } from '#base/errors.ts';
import { type Identity, includesRole } from '#model/user.ts';
import type { Identify, MediaAsked } from './accounts/identify.ts';
import { requireSameOrigin } from './accounts/same-origin.ts';
import { limitKey } from './peer.ts';
import { RateLimit } from './rate-limit.ts';
import type { Route, RouteRole } from './route.ts';
import type { HttpServices } from './services.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What a request wants to reach. */
export type Wish = Pick<Route, 'role' | 'rate' | 'media'> & {
  asked?: MediaAsked | undefined;
  /** A picture in another shape, which has to be made. */
  isShaped?: boolean;
};

/** The gate of the door. */
export class Admission {
  readonly #identify: Identify;
  readonly #publicUrl: string | undefined;
  readonly #usual: RateLimit;
  readonly #heavy: RateLimit;
  /** Pictures as they are cost next to nothing. */
  readonly #pictures: RateLimit;
  readonly #shaped: RateLimit;

  constructor(identify: Identify, { clock, config }: Pick<HttpServices, 'clock' | 'config'>) {
    this.#identify = identify;
    this.#publicUrl = config.PUBLIC_URL;
    this.#usual = new RateLimit({ burst: 600, perMinute: 1200, clock });
    this.#heavy = new RateLimit({ burst: 20, perMinute: 30, clock });
    this.#pictures = new RateLimit({ burst: 2000, perMinute: 60_000, clock });
    this.#shaped = new RateLimit({ burst: 600, perMinute: 3000, clock });
  }

  /** Who asks. Throws `too-many-requests`, `login-needed`, `role-missing` or `origin-refused`. */
  async admit(request: IncomingMessage, wish: Wish): Promise<Identity | undefined> {
    if (wish.rate !== 'free') this.#limitOf(wish).take(limitKey(request));
    const identity = await this.#known(request, wish);
    if (wish.role !== 'none') requireRole(identity, wish.role);
    if (!SAFE.has(request.method ?? '')) requireSameOrigin(request, identity, this.#publicUrl);
    if (wish.rate === 'heavy') this.#heavy.take(limitKey(request));
    return identity;
  }

  #limitOf({ media, isShaped }: Wish): RateLimit {
    if (!media) return this.#usual;
    return isShaped ? this.#shaped : this.#pictures;
  }

  /** A wrong proof does not matter where nobody has to prove anything. */
  async #known(request: IncomingMessage, { role, asked }: Wish): Promise<Identity | undefined> {
    const known = this.#identify(request, asked);
    return role === 'none' ? known.catch(() => undefined) : known;
  }
}

/** Throws `login-needed` for nobody and `role-missing` for too low a role. */
export function requireRole(identity: Identity | undefined, role: Exclude<RouteRole, 'none'>): Identity {
  if (!identity) {
    throw new GlimpserError('login-needed', 'Log in first, or send an API key.');
  }
  if (includesRole(identity.role, role)) return identity;
  throw new GlimpserError('role-missing', `This needs the role ${role}; yours is ${identity.role}.`);
}
