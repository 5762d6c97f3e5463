/** Signed links: they open one picture address of one source until they expire, and die with whoever made them. */
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { type Clock, isoTime } from '#base/clock.ts';
import type { SecretBox } from '#base/secret.ts';

const ISSUER = 'glimpser';
const AUDIENCE = 'glimpser-media';

/** The picture addresses that a link can open. */
export const MEDIA = ['mjpeg', 'snapshot'] as const;

/** A picture address. */
export type Media = (typeof MEDIA)[number];

const claimsSchema = z.object({
  sub: z.string(),
  what: z.enum(MEDIA),
  by: z.enum(['user', 'key', 'hub']),
  maker: z.string(),
});

/** What a link opens, and who made it. */
export interface MediaGrant {
  sourceId: string;
  what: Media;
  /** `hub`: made with the fixed key or through Home Assistant. */
  by: 'user' | 'key' | 'hub';
  /** Id of the user or key; empty for the hub. */
  maker: string;
}

/** Makes and reads signed links. */
export interface MediaTokens {
  issue(grant: MediaGrant, lifeMs: number): Promise<{ token: string; expiresAt: string }>;
  /** Undefined for what we did not sign, and for what has expired. */
  read(token: string): Promise<MediaGrant | undefined>;
}

/** Signed links of one hub. */
export function createMediaTokens(secrets: SecretBox, clock: Clock): MediaTokens {
  const key = secrets.derive('media');
  return {
    async issue({ sourceId, what, by, maker }, lifeMs) {
      const expiresAt = clock.now() + lifeMs;
      const token = await new SignJWT({ what, by, maker })
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
      const { sub, ...rest } = claims.data;
      return { sourceId: sub, ...rest };
    },
  };
}
