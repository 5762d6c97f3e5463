/** Fetches over HTTP from checked addresses only: pinned connections, redirects by hand, sizes and waits bounded. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Pool } from 'undici';
import type { EgressRules, Target } from './egress.ts';
import { BoundedBody } from './egress-body.ts';
import { connectionFailure } from './egress-failure.ts';
import { poolTo } from './egress-pin.ts';
import { hostPort, shownUrl } from './egress-url.ts';
import { type ErrorCode, GlimpserError } from './errors.ts';

/** One request. */
export interface EgressRequest {
  rules: EgressRules;
  signal: AbortSignal;
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Largest body that is read; unbounded when unset, for streams. */
  maxBytes?: number;
  /** Code of the error for a larger body. */
  tooLargeCode?: Extract<ErrorCode, 'body-too-large' | 'picture-too-large'>;
  /** Longest wait for the headers of the answer. */
  headersMs?: number;
  /** Longest silence inside the body. */
  idleMs?: number;
  maxRedirects?: number;
  /** False opens devices whose certificate they signed themselves. */
  isCertificateChecked?: boolean;
}

/** An answer. Read the body to its end or destroy it, or its connection stays taken. */
export interface EgressResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: Readable;
  /** Where the last redirect led, without credentials. */
  finalUrl: string;
  /** The rules for addresses that this answer names. */
  onward: EgressRules;
}

type Check = (url: string, rules: EgressRules, signal: AbortSignal) => Promise<Target>;

const MAX_POOLS = 64;
const MAX_REDIRECTS = 5;
const HEADERS_MS = 10_000;
const IDLE_MS = 20_000;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** Keep-alive connections, each pinned to the addresses that a check allowed. */
export class EgressConnections implements AsyncDisposable {
  readonly #check: Check;
  readonly #connectMs: number;
  readonly #pools = new Map<string, Pool>();

  constructor(check: Check, connectMs: number) {
    this.#check = check;
    this.#connectMs = connectMs;
  }

  /** Fetches, following redirects. */
  async fetch(url: string, request: EgressRequest): Promise<EgressResponse> {
    const limit = request.maxRedirects ?? MAX_REDIRECTS;
    let [next, step] = [url, request];
    for (let hops = 0; hops <= limit; hops++) {
      const target = await this.#check(next, step.rules, step.signal);
      const answer = await this.#once(target, step);
      const { location } = answer.headers;
      if (!REDIRECTS.has(answer.status) || location === undefined) return answer;
      answer.body.destroy();
      const to = URL.parse(location, target.url);
      if (!to)
        throw new GlimpserError('source-broken', `${shownUrl(url)} redirects to an unreadable address.`);
      const isSameOrigin = to.origin === target.url.origin;
      step = { ...redirected(step, answer.status, isSameOrigin, target.url), rules: answer.onward };
      next = to.href;
    }
    const often = limit === 0 ? 'elsewhere, which is not followed here' : `more than ${limit} times`;
    throw new GlimpserError('source-broken', `${shownUrl(url)} redirects ${often}.`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map(pool => pool.destroy()));
  }

  async #once(target: Target, request: EgressRequest): Promise<EgressResponse> {
    const where = hostPort(target.host, target.port);
    try {
      const answer = await this.#pool(target, request.isCertificateChecked ?? true).request({
        path: target.url.pathname + target.url.search,
        method: request.method ?? 'GET',
        headers: headersFor(target.url, request),
        body: request.body ?? null,
        signal: request.signal,
        headersTimeout: request.headersMs ?? HEADERS_MS,
        bodyTimeout: request.idleMs ?? IDLE_MS,
      });
      const bound = { where, maxBytes: request.maxBytes, tooLargeCode: request.tooLargeCode };
      const body = BoundedBody.of(answer.body, answer.headers['content-length'], bound);
      const { statusCode: status, headers } = answer;
      return { status, headers, body, finalUrl: bareUrl(target.url), onward: onward(target, request.rules) };
    } catch (thrown) {
      request.signal.throwIfAborted();
      throw connectionFailure(thrown, where);
    }
  }

  /** A connection is used again only while the check gives the very addresses that it was opened to. */
  #pool(target: Target, isCertificateChecked: boolean): Pool {
    const key = [target.url.origin, isCertificateChecked, ...[...target.addresses].sort()].join(' ');
    const known = this.#pools.get(key);
    if (known) return known;
    if (this.#pools.size >= MAX_POOLS) this.#closeIdle();
    const pool = poolTo(target, { connectMs: this.#connectMs, isCertificateChecked });
    this.#pools.set(key, pool);
    return pool;
  }

  #closeIdle(): void {
    for (const [key, pool] of this.#pools) {
      if (pool.stats.running > 0 || pool.stats.pending > 0 || pool.stats.queued > 0) continue;
      this.#pools.delete(key);
      pool.destroy().catch(() => undefined);
    }
  }
}

/** What stands on the internet may not lead into the own network. */
function onward({ isLocal }: Target, rules: EgressRules): EgressRules {
  return isLocal || rules.reach !== 'lan' ? rules : { ...rules, reach: 'internet' };
}

function headersFor(url: URL, request: EgressRequest): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'Glimpser' };
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
  if (headers['authorization'] === undefined && (url.username || url.password)) {
    const login = `${decoded(url.username, url)}:${decoded(url.password, url)}`;
    headers['authorization'] = `Basic ${Buffer.from(login).toString('base64')}`;
  }
  return headers;
}

/** A server may redirect to anything, also to a login that nobody can decode. */
function decoded(text: string, { host }: URL): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    const sentence = `The address at ${host} holds a user name or password that cannot be read. Write a % in it as %25.`;
    throw new GlimpserError('source-broken', sentence, { cause });
  }
}

/** The request after a redirect: credentials stay behind when the origin changes. */
function redirected(request: EgressRequest, status: number, isSameOrigin: boolean, from: URL): EgressRequest {
  const isGet = status === 303 || (status < 303 && request.method === 'POST');
  const { body, method = 'GET', ...rest } = request;
  const sent = Object.entries(headersFor(from, request)).filter(([name]) => {
    if (!isSameOrigin && CREDENTIALS.has(name)) return false;
    return !(isGet && name.startsWith('content-'));
  });
  const next: EgressRequest = { ...rest, headers: Object.fromEntries(sent) };
  if (isGet) return { ...next, method: method === 'HEAD' ? 'HEAD' : 'GET' };
  return body === undefined ? { ...next, method } : { ...next, method, body };
}

function bareUrl(url: URL): string {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare.href;
}
