/** The session cookie: unreadable for scripts, sent to our own pages only. */
import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import { isHttps } from '#doors/http/peer.ts';

/** Other programs of the same machine share our cookie jar, so the name says whose it is. */
export const SESSION_COOKIE = 'glimpser_session';

/** The token in the request's cookie. */
export function readSessionCookie(request: IncomingMessage): string | undefined {
  for (const pair of request.headers.cookie?.split(';') ?? []) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === SESSION_COOKIE && value) return value;
  }
  return undefined;
}

/** Gives the token to the browser until it expires. */
export function setSessionCookie(response: Response, token: string, maxAgeMs: number): void {
  response.cookie(SESSION_COOKIE, token, { ...attributes(response.req), maxAge: maxAgeMs });
}

/** Takes the token away again. */
export function clearSessionCookie(response: Response): void {
  response.clearCookie(SESSION_COOKIE, attributes(response.req));
}

function attributes(request: IncomingMessage): {
  httpOnly: true;
  sameSite: 'lax';
  secure: boolean;
  path: '/';
} {
  return { httpOnly: true, sameSite: 'lax', secure: isHttps(request), path: '/' };
}
