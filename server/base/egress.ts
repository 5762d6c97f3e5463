/** The egress guard: the one way out of the hub. Every address is checked, pinned, and checked again on redirects. */
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Clock } from './clock.ts';
import { type AddressSort, isNeverOpened, plainAddress, SORT_NAMES, sortOf } from './egress-addresses.ts';
import { EgressConnections, type EgressRequest, type EgressResponse } from './egress-fetch.ts';
import { type Lookup, lookupBySystem, Names } from './egress-names.ts';
import { type EgressProxy, openEgressProxy } from './egress-proxy.ts';
import { hostPort, readUrl } from './egress-url.ts';
import { GlimpserError } from './errors.ts';
import type { Log } from './log.ts';

/**
 * How far a request may go. `page` is `lan` or `internet`, as the policy says for websites. With `internet` a name is
 * refused when any of its answers is: whoever owns it could lead to that one next.
 */
export type Reach = 'lan' | 'internet' | 'page';

/** What one request may open. */
export interface EgressRules {
  /** Schemes without the colon: `http`, `https`, `rtsp`. */
  protocols: readonly string[];
  reach: Reach;
  /** A host that was local when the reach was decided; refused as soon as it leads to a public address. */
  home?: string;
}

/** What the hub allows as a whole; read anew for every check. */
export interface EgressPolicy {
  allowLoopback: boolean;
  /** Pages may open private addresses. */
  websitesMayReachLan: boolean;
  /** `host:port` that may be opened although it is this machine or private. */
  exceptions: readonly string[];
  /** Ports on which this hub itself listens. */
  ownPorts: () => readonly number[];
}

/** A checked address. Connect to `addresses` and to nothing else: the name may mean another machine by then. */
export interface Target {
  url: URL;
  /** Name or address as it was written, without brackets. */
  host: string;
  port: number;
  /** The allowed address to prefer. */
  address: string;
  /** Every allowed address. */
  addresses: readonly string[];
  /** True when no answer for the name is public and none is an exception: it lies in the own network. */
  isLocal: boolean;
}

/** Checks, fetches and proxies. */
export interface Egress extends AsyncDisposable {
  /** Throws `url-refused`, `address-refused` or `source-unreachable` with a sentence. */
  check(url: string, rules: EgressRules, signal?: AbortSignal): Promise<Target>;
  /** Fetches over HTTP from the checked address; every redirect is checked like the first address. */
  fetch(url: string, request: EgressRequest): Promise<EgressResponse>;
  /** Opens a forward proxy on loopback that lets through what the rules allow. */
  openProxy(rules: EgressRules): Promise<EgressProxy>;
}

/** How the guard is made. */
export interface EgressOptions {
  policy: () => EgressPolicy;
  clock: Clock;
  log: Log;
  /** Given by tests; the system's resolver otherwise. */
  lookup?: Lookup;
  /** Longest wait for a connection. */
  connectMs?: number;
}

const CONNECT_MS = 10_000;

/** What is thought of one answer for a name. */
interface Judged {
  address: string;
  sort: AddressSort;
  isException: boolean;
  reason: string | undefined;
}

/** Makes the guard of a hub. */
export function createEgress(options: EgressOptions): Egress {
  return new EgressGuard(options);
}

class EgressGuard implements Egress {
  readonly #policy: () => EgressPolicy;
  readonly #names: Names;
  readonly #log: Log;
  readonly #connectMs: number;
  readonly #connections: EgressConnections;
  readonly #proxies = new Map<EgressProxy, number>();

  constructor({ policy, clock, log, lookup = lookupBySystem, connectMs = CONNECT_MS }: EgressOptions) {
    this.#policy = policy;
    this.#names = new Names(lookup, clock);
    this.#log = log.part('egress');
    this.#connectMs = connectMs;
    this.#connections = new EgressConnections(
      (url, rules, signal) => this.check(url, rules, signal),
      connectMs,
    );
  }

  async check(text: string, rules: EgressRules, signal?: AbortSignal): Promise<Target> {
    signal?.throwIfAborted();
    const { url, host, port } = readUrl(text, rules.protocols);
    const literal = isIP(host) ? plainAddress(host) : undefined;
    const found = literal ? [literal] : await abortable(this.#names.resolve(host), signal);
    const judged = found.map(address => this.#judge(address, host, port, rules));
    const refused = judged.find(({ reason }) => reason !== undefined);
    const addresses = judged.filter(({ reason }) => reason === undefined).map(({ address }) => address);
    const [address] = addresses;
    if (address !== undefined && !(refused && rules.reach === 'internet')) {
      const isLocal = judged.every(one => one.sort !== 'public' && !one.isException);
      return { url, host, port, address, addresses, isLocal };
    }
    const reason = refused?.reason ?? `${host} has no network address.`;
    this.#log.debug('refused', { host, port, reason });
    throw new GlimpserError('address-refused', reason);
  }

  fetch(url: string, request: EgressRequest): Promise<EgressResponse> {
    return this.#connections.fetch(url, request);
  }

  async openProxy(rules: EgressRules): Promise<EgressProxy> {
    const proxy = await openEgressProxy({
      check: (url, signal) => this.check(url, rules, signal),
      connectMs: this.#connectMs,
      closed: () => void this.#proxies.delete(proxy),
    });
    this.#proxies.set(proxy, proxy.port);
    return proxy;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#proxies.keys()].map(proxy => proxy[Symbol.asyncDispose]()));
    await this.#connections[Symbol.asyncDispose]();
  }

  #judge(text: string, host: string, port: number, rules: EgressRules): Judged {
    const address = plainAddress(text) ?? text;
    const sort = sortOf(address);
    const places = [hostPort(host, port), hostPort(address, port)];
    const isException = this.#policy().exceptions.some(place => places.includes(place.toLowerCase()));
    const judged = { address, sort, isException };
    return { ...judged, reason: this.#refusal(judged, host, port, rules) };
  }

  /** Why an address may not be opened, as a sentence; undefined when it may. */
  #refusal(
    { address, sort, isException }: Omit<Judged, 'reason'>,
    host: string,
    port: number,
    { reach, home }: EgressRules,
  ): string | undefined {
    const policy = this.#policy();
    const shown = address === host ? address : `“${host}” leads to ${address}, which`;
    if (isNeverOpened(sort)) return `${shown} is ${SORT_NAMES[sort]}; it is never opened.`;
    const own = `${hostPort(host, port)} belongs to this hub itself; it is never opened.`;
    const isProxy = [...this.#proxies.values()].includes(port);
    const isHub = (isProxy || policy.ownPorts().includes(port)) && isThisMachine(address, sort);
    if (isHub && isProxy) return own;
    if (isException) return undefined;
    if (isHub) return own;
    if (sort === 'public') {
      if (host !== home) return undefined;
      return `${shown} is public, but led into your own network a moment ago. Check who may change that name.`;
    }
    if (reach === 'internet') {
      return `${shown} is ${SORT_NAMES[sort]}, and only public addresses may be opened here: what lies on the internet may not reach into your network.`;
    }
    if (sort === 'loopback') {
      if (policy.allowLoopback) return undefined;
      return `${shown} is ${SORT_NAMES[sort]}. To open such addresses, switch on “Allow addresses of this machine” under Settings, Hub.`;
    }
    if (reach === 'lan' || policy.websitesMayReachLan) return undefined;
    return `${shown} is ${SORT_NAMES[sort]}, and only public addresses may be opened here. To let pages open it, allow private addresses in the settings.`;
  }
}

function isThisMachine(address: string, sort: AddressSort): boolean {
  if (sort === 'loopback') return true;
  return Object.values(networkInterfaces())
    .flatMap(entries => entries ?? [])
    .some(entry => plainAddress(entry.address) === address);
}

/** Names cannot be called back from the resolver, so an aborted wait leaves the answer to nobody. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort));
}
