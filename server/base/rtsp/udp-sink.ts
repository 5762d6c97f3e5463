/** Sends a track to a pair of UDP ports, a large unit in small helpings: receivers lose what comes too fast. */
import type { Socket } from 'node:dgram';
import type { Clock } from '#base/clock.ts';
import { FRAME_HEAD_BYTES, type FramedUnit } from '#base/rtp/framed.ts';
import type { TrackSink } from '#base/rtp/sink.ts';

/** About 22 kB in 2 ms, 90 Mbit/s. */
const HELPING = { packets: 16, everyMs: 2 };

/** What a sink sends by. */
export interface UdpSinkParts {
  media: Socket;
  reports: Socket;
  clock: Clock;
  address: string;
  ports: readonly [number, number];
  left: () => void;
}

/** One receiver's pair of ports. */
export class UdpSink implements TrackSink, Disposable {
  readonly #parts: UdpSinkParts;
  #queue: Buffer[] = [];
  #next: Disposable | undefined;
  #queuedBytes = 0;
  #sentBytes = 0;
  #hasLeft = false;

  constructor(parts: UdpSinkParts) {
    this.#parts = parts;
  }

  send({ bytes, starts }: FramedUnit): void {
    for (const [i, start] of starts.entries()) {
      this.#queue.push(bytes.subarray(start + FRAME_HEAD_BYTES, starts[i + 1] ?? bytes.length));
    }
    this.#queuedBytes += bytes.length - starts.length * FRAME_HEAD_BYTES;
    if (!this.#next) this.#help();
  }

  control(packet: Buffer): void {
    const { reports, address, ports } = this.#parts;
    if (!this.#hasLeft) reports.send(packet, ports[1], address);
  }

  get backlogBytes(): number {
    return this.#queuedBytes;
  }

  get sentBytes(): number {
    return this.#sentBytes;
  }

  [Symbol.dispose](): void {
    this.#hasLeft = true;
    this.#next?.[Symbol.dispose]();
    this.#queue = [];
    this.#parts.left();
  }

  #help(): void {
    const { media, address, ports, clock } = this.#parts;
    this.#next = undefined;
    if (this.#hasLeft) return;
    for (const packet of this.#queue.splice(0, HELPING.packets)) {
      this.#queuedBytes -= packet.length;
      this.#sentBytes += packet.length;
      media.send(packet, ports[0], address);
    }
    if (this.#queue.length > 0) this.#next = clock.after(HELPING.everyMs, () => this.#help());
  }
}
