/** Signed links: they open one picture address of one source until they expire or are withdrawn, and die with their maker. */
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { type Clock, isoTime } from '#base/clock.ts';
import type { SecretBox } from '#base/secret.ts';
import type { AccountTables } from '#doors/http/services.ts';
import { ROLES, type Role } from '#model/user.ts';

const ISSUER = 'glimpser';
const AUDIENCE = 'glimpser-media';

/** The picture addresses that a link can open. */
export const MEDIA = ['mjpeg', 'snapshot', 'fmp4', 'hls'] as const;

/** A picture address. */
export type Media = (typeof MEDIA)[number];

const FIRST_EPOCH = '0.0';

const claimsSchema = z.object({
  sub: z.string(),
  what: z.enum(MEDIA),
  by: z.enum(['user', 'key', 'hub']),
  maker: z.string(),
  role: z.enum(ROLES).default('viewer'),
  epoch: z.string().default(FIRST_EPOCH),
});

/** What a link opens, and who made it. */
export interface MediaGrant {
  sourceId: string;
  what: Media;
  /** `hub`: made with the fixed key or through Home Assistant. */
  by: 'user' | 'key' | 'hub';
  /** Id of the user or key; empty for the hub. */
  maker: string;
  /** What the maker might do then; the link never opens more. */
  role: Role;
}

/** Makes and reads signed links. */
export interface MediaTokens {
  issue(grant: MediaGrant, lifeMs: number): Promise<{ token: string; expiresAt: string }>;
  /** Undefined for what we did not sign, and for what has expired or was withdrawn. */
  read(token: string): Promise<MediaGrant | undefined>;
}

/** By what the links of a maker are withdrawn. */
export function epochKey({ by, maker }: Pick<MediaGrant, 'by' | 'maker'>): string {
  return `${by} ${maker}`;
}

/** Signed links of one hub. */
export function createMediaTokens(
  secrets: SecretBox,
  clock: Clock,
  epochs: Pick<AccountTables['linkEpochs'], 'current'>,
): MediaTokens {
  const key = secrets.derive('media');
  return {
    async issue({ sourceId, what, by, maker, role }, lifeMs) {
      const epoch = await epochs.current(epochKey({ by, maker }));
      const expiresAt = clock.now() + lifeMs;
      const token = await new SignJWT({ what, by, maker, role, epoch })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(sourceId)
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(key);
      return { token, expiresAt: isoTime(expiresAt) };
    },
    async read(token) {
      const options = { algorithms: ['HS256'], issuer: ISSUER, audience: AUDIENCE };
      const verified = await jwtVerify(token, key, { ...options, currentDate: new Date(clock.now()) }).catch(
        () => undefined,
      );
      const claims = claimsSchema.safeParse(verified?.payload);
      if (!claims.success) return undefined;
      const { sub, epoch, ...rest } = claims.data;
      return epoch === (await epochs.current(epochKey(rest))) ? { sourceId: sub, ...rest } : undefined;
    },
  };
}
