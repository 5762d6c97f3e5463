/** Finds out whether a port is open, and reads the start of what it answers: over the guard, bounded in time and size. */
import { connect, type Socket } from 'node:net';
import type { Clock } from './clock.ts';
import type { Egress } from './egress.ts';
import { pinnedTo } from './egress-pin.ts';

/** Who knocks. */
export interface Knocker {
  egress: Pick<Egress, 'check'>;
  clock: Clock;
  signal: AbortSignal;
}

const MAX_BYTES = 16_384;

/** What a port did: took the connection, refused it, or nothing. */
export type Knocked = 'open' | 'refused' | 'silent';

/** Knocks at an address such as `rtsp://host:port`. Throws what the guard refuses. */
export async function knock(url: string, scheme: string, waitMs: number, who: Knocker): Promise<Knocked> {
  const { socket, knocked } = await reach(url, scheme, waitMs, who);
  socket.destroy();
  return knocked;
}

/** Connects; undefined when nobody answers in time. */
export async function openSocket(
  url: string,
  scheme: string,
  waitMs: number,
  who: Knocker,
): Promise<Socket | undefined> {
  const { socket, knocked } = await reach(url, scheme, waitMs, who);
  return knocked === 'open' ? socket : undefined;
}

async function reach(url: string, scheme: string, waitMs: number, { egress, clock, signal }: Knocker) {
  const target = await egress.check(url, { protocols: [scheme], reach: 'lan' }, signal);
  const { promise, resolve } = Promise.withResolvers<Knocked>();
  const socket = connect(pinnedTo(target));
  const stop = () => resolve('silent');
  using _late = clock.after(waitMs, stop);
  signal.addEventListener('abort', stop, { once: true });
  socket
    .once('connect', () => resolve('open'))
    .on('error', (thrown: NodeJS.ErrnoException) =>
      resolve(thrown.code === 'ECONNREFUSED' ? 'refused' : 'silent'),
    );
  const knocked = await promise;
  signal.removeEventListener('abort', stop);
  if (knocked !== 'open' || signal.aborted) socket.destroy();
  signal.throwIfAborted();
  return { socket, knocked };
}

/** Sends a text and reads until the pattern is there; undefined when it does not come in time. */
export async function askSocket(
  socket: Socket,
  text: string,
  until: RegExp,
  waitMs: number,
  { clock, signal }: Pick<Knocker, 'clock' | 'signal'>,
): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const stop = () => resolve(undefined);
  let read = '';
  const take = (chunk: Buffer) => {
    read += chunk.toString('latin1');
    if (until.test(read)) resolve(read);
    else if (read.length > MAX_BYTES) stop();
  };
  using _late = clock.after(waitMs, stop);
  signal.addEventListener('abort', stop, { once: true });
  socket.on('data', take).once('close', stop);
  socket.write(text);
  const answer = await promise;
  socket.off('data', take).off('close', stop);
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  return answer;
}
