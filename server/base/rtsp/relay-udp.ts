/** A track that a camera sends by UDP: taken from the camera alone, and framed as if it had come over TCP. */
import type { RemoteInfo, Socket } from 'node:dgram';
import { plainAddress } from '#base/egress-addresses.ts';
import type { LineHearer } from './relay-line.ts';
import { openPair } from './udp-ports.ts';

const RECEIVE_BUFFER_BYTES = 1_000_000;
/** An empty packet and an empty report: firewalls let in what answers something that went out. */
const OPENERS = [
  Buffer.from('800000000000000000000000', 'hex'),
  Buffer.from('80c9000100000000', 'hex'),
] as const;

/** What a track is made of. */
export interface UdpTrackParts {
  /** Our address towards the camera, and that of the camera. */
  ends: { near: string; far: string };
  /** Of the frames: media and reports. */
  channels: readonly [number, number];
  hearer: Pick<LineHearer, 'takes' | 'frames'>;
}

/** Two ports of ours. */
export class UdpTrack implements Disposable {
  readonly #pair: readonly [Socket, Socket];
  readonly #far: string;
  #reportPort: number | undefined;

  private constructor(pair: readonly [Socket, Socket], { ends, channels, hearer }: UdpTrackParts) {
    this.#pair = pair;
    this.#far = plainAddress(ends.far) ?? ends.far;
    for (const [index, socket] of pair.entries()) {
      socket.on('message', (packet, from) => {
        // Packets from strangers are not for us.
        if (!this.#isFar(from) || !hearer.takes(packet)) return;
        hearer.frames([frameHead(channels[index] ?? 0, packet.length), packet]);
      });
    }
    pair[0].setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  }

  /** Throws `port-in-use` when no ports are free. */
  static async open(parts: UdpTrackParts): Promise<UdpTrack> {
    return new UdpTrack(await openPair(parts.ends.near), parts);
  }

  /** What a SETUP asks for. */
  get transport(): string {
    const [media, reports] = this.#pair;
    return `RTP/AVP;unicast;client_port=${media.address().port}-${reports.address().port}`;
  }

  /** Takes the Transport header that the camera answered with. */
  begin(transport: string): void {
    const [, from, to] = /\bserver_port=(\d{1,5})(?:-(\d{1,5}))?/i.exec(transport) ?? [];
    const ports = [Number(from), to === undefined ? Number(from) + 1 : Number(to)] as const;
    if (!ports.every(port => port > 0 && port < 65_536)) return;
    this.#reportPort = ports[1];
    for (const [index, port] of ports.entries())
      this.#pair[index]?.send(OPENERS[index] ?? '', port, this.#far);
  }

  /** Sends a report. */
  report(packet: Buffer): void {
    if (this.#reportPort !== undefined) this.#pair[1].send(packet, this.#reportPort, this.#far);
  }

  [Symbol.dispose](): void {
    for (const socket of this.#pair) socket.close();
  }

  #isFar({ address }: RemoteInfo): boolean {
    return (plainAddress(address) ?? address) === this.#far;
  }
}

function frameHead(channel: number, length: number): Buffer {
  return Buffer.from([0x24, channel, length >> 8, length & 0xff]);
}
