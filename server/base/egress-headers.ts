/** The headers that a forward proxy passes on, and the one that it adds. */
import type { IncomingHttpHeaders } from 'node:http';

/** Marks answers that the proxy wrote itself; nobody else's answer carries it. */
export const PROXY_HEADER = 'x-egress-proxy';

/** Headers that belong to one connection. */
const HOP_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  PROXY_HEADER,
]);

/** What of a request goes on. */
export function requestHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name)));
}

/** What of an answer goes on; names and values in turn. */
export function answerHeaders(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, i) => !HOP_HEADERS.has((rawHeaders[i - (i % 2)] ?? '').toLowerCase()));
}
