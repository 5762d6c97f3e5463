/** Bearer tokens: short-lived, signed, and worth nothing once their login has ended. */
import { jwtVerify, SignJWT } from 'jose';
import { type Clock, isoTime } from '#base/clock.ts';
import type { SecretBox } from '#base/secret.ts';

const LIFE_MS = 15 * 60_000;
const ISSUER = 'glimpser';
const AUDIENCE = 'glimpser-api';

/** Whose login a token stands for. */
export interface TokenBearer {
  userId: string;
  sessionId: string;
}

/** Makes and reads bearer tokens. */
export interface AccessTokens {
  issue(bearer: TokenBearer): Promise<{ token: string; expiresAt: string }>;
  /** Undefined for what we did not sign, and for what has expired. */
  read(token: string): Promise<TokenBearer | undefined>;
}

/** Tokens of one hub: JWT, HS256, 15 minutes. */
export function createAccessTokens(secrets: SecretBox, clock: Clock): AccessTokens {
  const key = secrets.derive('jwt');
  return {
    async issue({ userId, sessionId }) {
      const now = clock.now();
      const expiresAt = now + LIFE_MS;
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setIssuedAt(Math.floor(now / 1000))
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(key);
      return { token, expiresAt: isoTime(expiresAt) };
    },
    async read(token) {
      const options = { algorithms: ['HS256'], issuer: ISSUER, audience: AUDIENCE };
      const verified = await jwtVerify(token, key, { ...options, currentDate: new Date(clock.now()) }).catch(
        () => undefined,
      );
      const { sub, sid } = verified?.payload ?? {};
      return typeof sub === 'string' && typeof sid === 'string' ? { userId: sub, sessionId: sid } : undefined;
    },
  };
}
