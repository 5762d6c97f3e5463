/** Listens on the local network for devices that announce themselves (mDNS); connects to nobody. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Clock } from './clock.ts';
import { GlimpserError, sentenceOf } from './errors.ts';

/** A service that was announced. What it says of itself is not to be trusted; `from` sent it. */
export interface MdnsService {
  from: string;
  name: string;
  /** Such as `rtsp` or `http`. */
  type: string;
  port: number;
}

/** How it is listened. */
export interface MdnsQuestion {
  types: readonly string[];
  /** Addresses of this machine, one on each network that is listened to. */
  interfaces: readonly string[];
  forMs: number;
  clock: Clock;
  signal: AbortSignal;
  onFound(service: MdnsService): void;
  /** Set by tests; that of the standard otherwise. */
  port?: number;
}

const GROUP = '224.0.0.251';
const PORT = 5353;
const MAX_SERVICES = 1000;

/** Asks and listens until the time is over. Throws `source-unreachable` when the network cannot be listened to. */
export async function browseMdns(question: MdnsQuestion): Promise<void> {
  const { types, interfaces, forMs, clock, signal, onFound, port = PORT } = question;
  // Few hubs ever need it, so that it does not cost every start.
  const { Bonjour } = await import('bonjour-service');
  const socket = await openSocket(port, interfaces);
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const bonjour = new Bonjour({ socket, bind: false, port } as object, (cause: Error) =>
    failed.reject(cause),
  );
  let found = 0;
  const browsers = types.map(type =>
    bonjour.find({ type, protocol: 'tcp' }, ({ name, port, referer }) => {
      if (referer && found++ < MAX_SERVICES) {
        onFound({ from: referer.address, name: name.slice(0, 80), type, port });
      }
    }),
  );
  try {
    await Promise.race([clock.sleep(forMs, signal), failed.promise]);
  } catch (cause) {
    signal.throwIfAborted();
    throw cannotListen(cause);
  } finally {
    for (const browser of browsers) browser.stop();
    await new Promise<void>(resolve => bonjour.destroy(() => resolve()));
  }
}

/** The library would end the process when its own socket cannot be bound, so that it is handed one that is. */
async function openSocket(port: number, interfaces: readonly string[]): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  try {
    const bound = once(socket, 'listening');
    socket.bind(port);
    await bound;
    for (const local of interfaces) socket.addMembership(GROUP, local);
    const [first] = interfaces;
    if (first !== undefined) socket.setMulticastInterface(first);
    socket.setMulticastTTL(255);
    return socket;
  } catch (cause) {
    socket.close();
    throw cannotListen(cause);
  }
}

function cannotListen(cause: unknown): GlimpserError {
  const sentence = `The network could not be listened to for announcements (mDNS): ${sentenceOf(cause)}. Another program may hold the port for itself alone.`;
  return new GlimpserError('source-unreachable', sentence, { cause });
}
