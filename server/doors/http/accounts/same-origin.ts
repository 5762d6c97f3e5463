/** Writes with a cookie come from our own pages only: no other site may make a browser change something here. */
import type { IncomingMessage } from 'node:http';
import { GlimpserError } from '#base/errors.ts';
import { ownHosts } from '#doors/http/peer.ts';
import type { Identity } from '#model/user.ts';

/**
 * Throws `origin-refused` for a write that another site caused. What carries a cookie, or comes through Home
 * Assistant, must prove that it comes from us; what carries a key proves by that.
 */
export function requireSameOrigin(
  request: IncomingMessage,
  identity: Identity | undefined,
  publicUrl: string | undefined,
): void {
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const isByBrowser = identity === undefined || identity.by === 'cookie' || identity.by === 'ingress';
  if (!isByBrowser) return;
  if (site !== undefined) {
    if (site === 'same-origin') return;
    throw refused(`it says that it is ${String(site).slice(0, 20)}`);
  }
  if (origin !== undefined) {
    if (isOwnOrigin(origin, request, publicUrl)) return;
    throw refused('its origin is another one');
  }
  if (identity) throw refused('it does not say where it comes from');
}

/** Browsers open WebSockets across sites without asking, but they say which page does it. Throws `origin-refused`. */
export function requireOwnPage(
  request: IncomingMessage,
  identity: Identity,
  publicUrl: string | undefined,
): void {
  const { origin } = request.headers;
  if (origin === undefined || !isOwnOrigin(origin, request, publicUrl)) {
    requireSameOrigin(request, identity, publicUrl);
  }
}

/** True when an origin is one of the addresses by which we are reached. */
export function isOwnOrigin(
  origin: string,
  request: IncomingMessage,
  publicUrl: string | undefined,
): boolean {
  const host = URL.parse(origin)?.host;
  if (host === undefined) return false;
  const ours = [...ownHosts(request), URL.parse(publicUrl ?? '')?.host];
  return ours.includes(host);
}

function refused(why: string): GlimpserError {
  return new GlimpserError(
    'origin-refused',
    `This change was not sent by our own page: ${why}. Open the hub's own address, or use an API key. Behind a proxy, let it pass the Host header on, or set PUBLIC_URL.`,
  );
}
