/** Opens the connection of a relay to a checked target, with or without TLS. */
import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '#base/clock.ts';
import type { Target } from '#base/egress.ts';
import { connectionFailure } from '#base/egress-failure.ts';
import { pinnedTo } from '#base/egress-pin.ts';
import { GlimpserError } from '#base/errors.ts';

/** Longest wait for a connection, TLS included. */
const CONNECT_MS = 10_000;

/** How a target is opened. */
export interface DialOptions {
  /** Starts the sentences. */
  name: string;
  clock: Clock;
  signal: AbortSignal;
  /** False takes a certificate that the device signed itself. */
  isCertificateChecked: boolean;
}

/** Connects to the checked addresses and to nothing else. Throws why not in a sentence, or the reason of the signal. */
export async function dial(target: Target, options: DialOptions): Promise<Socket> {
  const { name, clock, signal, isCertificateChecked } = options;
  signal.throwIfAborted();
  const isTls = target.url.protocol === 'rtsps:';
  const socket = isTls ? dialTls(target, isCertificateChecked) : connect(pinnedTo(target));
  const give = (reason: Error) => socket.destroy(reason);
  const stop = () => give(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  using _late = clock.after(CONNECT_MS, () =>
    give(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
  );
  try {
    await once(socket, isTls ? 'secureConnect' : 'connect');
    return socket;
  } catch (thrown) {
    signal.throwIfAborted();
    throw explained(thrown, name);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function dialTls(target: Target, isCertificateChecked: boolean): Socket {
  const servername = isIP(target.host) ? '' : target.host;
  return connectTls({ ...pinnedTo(target), servername, rejectUnauthorized: isCertificateChecked });
}

function explained(thrown: unknown, name: string): Error {
  const failure = connectionFailure(thrown, name);
  if (!(failure instanceof GlimpserError) || !/certificate/.test(failure.message)) return failure;
  const advice = 'Switch the check of its certificate off, if it signed that itself.';
  return new GlimpserError(failure.code, `${failure.message} ${advice}`, { cause: thrown });
}
