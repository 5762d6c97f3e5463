/** Connections to checked addresses: the name is kept for TLS and Host, but it is not resolved again. */
import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { buildConnector, Pool } from 'undici';
import type { Target } from './egress.ts';

const KEEP_ALIVE_MS = 10_000;

/** Answers every question for a name with the addresses that were checked. */
export function pinnedLookup(target: Pick<Target, 'addresses' | 'host'>): LookupFunction {
  const answers: LookupAddress[] = target.addresses.map(address => ({ address, family: isIP(address) }));
  return (name: string, options: LookupOptions, done) => {
    const [first] = answers;
    if (!first || name !== target.host) done(new Error(`${name} was not checked`), '', 0);
    else if (options.all) done(null, answers);
    else done(null, first.address, first.family);
  };
}

/** A pool of keep-alive connections to one checked target. */
export function poolTo(target: Target, options: { connectMs: number; isCertificateChecked: boolean }): Pool {
  const connect = buildConnector({
    lookup: pinnedLookup(target),
    timeout: options.connectMs,
    allowH2: false,
    rejectUnauthorized: options.isCertificateChecked,
  } as buildConnector.BuildOptions);
  // An address that was written in another form (IPv4-mapped) is opened in its plain form.
  const hostname = isIP(target.host) ? target.address : target.host;
  return new Pool(target.url.origin, {
    connect: (asked, done) => void connect({ ...asked, hostname }, done),
    keepAliveTimeout: KEEP_ALIVE_MS,
    pipelining: 1,
  });
}

/** Options of a socket to a checked target. */
export function pinnedTo(target: Target): { host: string; port: number; lookup: LookupFunction } {
  const host = isIP(target.host) ? target.address : target.host;
  return { host, port: target.port, lookup: pinnedLookup(target) };
}

/** Gives up a socket that is not connected in time. */
export function limitConnect(socket: Socket, ms: number): void {
  if (!socket.connecting) return;
  const late = () => socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
  const timer = setTimeout(late, ms).unref();
  socket.once('connect', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
}

/** Waits until a socket is open. */
export function connected(socket: Socket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once('connect', resolve).once('error', reject);
  return promise;
}
