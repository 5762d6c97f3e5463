/** A pair of UDP ports that all receivers of one address family share: the even one for media, the next for reports. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { Clock } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import { reportedSources } from '#base/rtp/rtcp.ts';
import { UdpSink } from './udp-sink.ts';

const TRIES = 50;
const SEND_BUFFER_BYTES = 1_000_000;

/** Who receives. */
export interface UdpReceiver {
  address: string;
  ports: readonly [number, number];
  ssrc: () => number;
  /** It has reported that it is there. */
  heard: () => void;
}

/** A pair of open ports. */
export class UdpPorts implements Disposable {
  readonly ports: readonly [number, number];
  readonly #media: Socket;
  readonly #reports: Socket;
  readonly #clock: Clock;
  readonly #receivers = new Set<UdpReceiver>();

  private constructor([media, reports]: readonly [Socket, Socket], clock: Clock) {
    this.#media = media;
    this.#reports = reports;
    this.#clock = clock;
    this.ports = [media.address().port, reports.address().port];
    reports.on('message', (packet, from) => this.#report(packet, from.address, from.port));
    media.setSendBufferSize(SEND_BUFFER_BYTES);
  }

  /** Opens a pair on a host. Throws `port-in-use` when none is free. */
  static async open(host: string, clock: Clock): Promise<UdpPorts> {
    return new UdpPorts(await openPair(host), clock);
  }

  /** The way to a receiver, until it is disposed. */
  sink(receiver: UdpReceiver): UdpSink {
    this.#receivers.add(receiver);
    return new UdpSink({
      ...{ media: this.#media, reports: this.#reports, clock: this.#clock },
      ...{ address: receiver.address, ports: receiver.ports },
      left: () => this.#receivers.delete(receiver),
    });
  }

  [Symbol.dispose](): void {
    this.#media.close();
    this.#reports.close();
  }

  /** A report counts for whom it names, wherever a router made it come from, and else for the port that it was set up with. */
  #report(packet: Buffer, address: string, port: number): void {
    const sources = reportedSources(packet);
    if (!sources) return;
    for (const receiver of this.#receivers) {
      const isIts = sources.includes(receiver.ssrc()) || receiver.ports[1] === port;
      if (receiver.address === address && isIts) receiver.heard();
    }
  }
}

/** Two open ports on a host, an even one and the next. Throws `port-in-use` when none are free. */
export async function openPair(host: string): Promise<[Socket, Socket]> {
  for (let i = 0; i < TRIES; i++) {
    const pair = await tryPair(host);
    if (pair) return pair;
  }
  throw new GlimpserError('port-in-use', `No pair of UDP ports is free on ${host}.`);
}

async function tryPair(host: string): Promise<[Socket, Socket] | undefined> {
  const media = await bind(host, 0);
  const port = media?.address().port ?? 1;
  const reports = port % 2 === 0 ? await bind(host, port + 1) : undefined;
  if (media && reports) return [media, reports];
  media?.close();
  return undefined;
}

async function bind(host: string, port: number): Promise<Socket | undefined> {
  const type = isIPv6(host) ? 'udp6' : 'udp4';
  const family = type === 'udp6' ? 6 : 4;
  // Receivers are known by their numbers; the usual look-up would put every packet off.
  const socket = createSocket({ type, lookup: (address, _options, done) => done(null, address, family) });
  // Asked for first: with this look-up it listens at once.
  const listening = once(socket, 'listening');
  socket.bind(port, host);
  try {
    await listening;
  } catch {
    return undefined;
  }
  // A receiver that has gone may be reported as an error of the port; the others go on.
  socket.on('error', () => undefined);
  return socket;
}
