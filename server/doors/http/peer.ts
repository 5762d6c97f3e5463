/** Who is at the other end of a connection: address, scheme, host and prefix, with little trust in headers. */
import type { IncomingMessage } from 'node:http';
import { networkOf } from '#base/egress-addresses.ts';

/** The address of the peer, without the mapping of IPv4 into IPv6. */
export function socketAddress(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:/i, '');
}

/** True when the peer is this machine. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/**
 * The address to count and to show. A proxy on this machine may name the client; nobody else is believed,
 * because limits are kept by it. It adds its word last: what stands before it the client may have made up.
 */
export function clientAddress(request: IncomingMessage): string {
  const peer = socketAddress(request);
  const named = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .at(-1)
    ?.trim();
  return isLoopback(peer) && named ? named.slice(0, 64) : peer;
}

const OF_OTHERS = /^(x-forwarded-|x-real-ip$|forwarded$|via$|sec-fetch-|origin$|referer$)/;

/**
 * True for a program on this machine that asks for itself. A proxy here speaks for others, and a page of another site
 * can be led to this machine by its name; both say so in their headers. A proxy that passes on nothing of all that and
 * calls us by a loopback name cannot be told apart.
 */
export function isFromThisMachine(request: IncomingMessage): boolean {
  if (!isLoopback(socketAddress(request))) return false;
  if (Object.keys(request.headers).some(name => OF_OTHERS.test(name))) return false;
  const host = URL.parse(`http://${request.headers.host}`)?.hostname ?? '';
  return host === 'localhost' || host === '[::1]' || isLoopback(host);
}

/** What limits count by: an IPv6 network counts as one, because its addresses cost nothing. */
export function limitKey(request: IncomingMessage): string {
  return networkOf(clientAddress(request));
}

/** True when the page was opened over https, also through a proxy that says so. Decides about the cookie only. */
export function isHttps(request: IncomingMessage): boolean {
  return 'encrypted' in request.socket || firstOf(request, 'x-forwarded-proto') === 'https';
}

/** The hosts by which the client may have reached us. A page of another site cannot set these headers. */
export function ownHosts(request: IncomingMessage): string[] {
  const hosts = [request.headers.host, firstOf(request, 'x-forwarded-host')];
  return hosts.filter(host => host !== undefined).map(host => host.toLowerCase());
}

const PREFIX = /^(\/[A-Za-z0-9._~-]+)+$/;

/** The path prefix that a proxy took away, such as `/glimpser`; empty for none or for one that is not a path. */
export function pathPrefix(request: IncomingMessage): string {
  const given = firstOf(request, 'x-ingress-path') ?? firstOf(request, 'x-forwarded-prefix') ?? '';
  const prefix = given.replace(/\/+$/, '');
  return prefix.length <= 200 && PREFIX.test(prefix) && !/\/\.\.?(\/|$)/.test(prefix) ? prefix : '';
}

/** The first value of a header that proxies add to. */
export function firstOf(request: IncomingMessage, name: string): string | undefined {
  const header = request.headers[name];
  const text = Array.isArray(header) ? header[0] : header;
  const first = text?.split(',')[0]?.trim();
  return first === '' ? undefined : first;
}

/** True when a page in a browser asks, not a player and not a person who typed the address. */
export function isFromPage(request: IncomingMessage): boolean {
  const mode = request.headers['sec-fetch-mode'];
  return mode !== undefined && mode !== 'navigate';
}
