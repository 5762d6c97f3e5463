/** One track on its way to one receiver: its own source number, sequence and time, which run on when the stream starts anew. */
import { randomInt } from 'node:crypto';
import { FRAME_HEAD_BYTES, framedCopy } from './framed.ts';
import type { MediaUnit } from './media.ts';
import { goodbye, type SenderState, senderReport } from './rtcp.ts';
import type { TrackSink } from './sink.ts';

/** Numbers packets for one receiver. */
export class Lane {
  readonly ssrc = randomInt(1, 2 ** 32);
  readonly sink: TrackSink;
  readonly #clockRate: number;
  /** Times begin low, so that no player has to cope with their turn-over in the first hours. */
  readonly firstTime = randomInt(2 ** 30);
  #sequence = randomInt(2 ** 15);
  #offset: number | undefined;
  #last: { time: number; atMs: number } | undefined;
  #packets = 0;
  #octets = 0;

  constructor(sink: TrackSink, clockRate: number) {
    this.sink = sink;
    this.#clockRate = clockRate;
  }

  /** Of the packet that comes next. */
  get nextSequence(): number {
    return this.#sequence;
  }

  get hasSent(): boolean {
    return this.#packets > 0;
  }

  /** The time of this track at a monotonic instant, counted from the beginning of the receiver's play. */
  timeAt(sinceBeginMs: number): number {
    return (this.firstTime + Math.round((sinceBeginMs * this.#clockRate) / 1000)) >>> 0;
  }

  /** Forgets how times of the stream map to ours: the next unit comes after a break, or from another stream. */
  breakOff(): void {
    this.#offset = undefined;
  }

  /** Sends a unit; `beganMs` is the monotonic beginning of the receiver's play. Answers how many packets it has. */
  send(unit: MediaUnit, beganMs: number): number {
    this.#offset ??= this.#offsetFor(unit, beganMs);
    const time = (unit.rtpTime + this.#offset) >>> 0;
    const framed = framedCopy(unit);
    const { bytes, starts } = framed;
    for (const start of starts) {
      const at = start + FRAME_HEAD_BYTES;
      bytes.writeUInt16BE(this.#sequence, at + 2);
      bytes.writeUInt32BE(time, at + 4);
      bytes.writeUInt32BE(this.ssrc, at + 8);
      this.#sequence = (this.#sequence + 1) & 0xffff;
    }
    this.#packets += starts.length;
    this.#octets += bytes.length - starts.length * (FRAME_HEAD_BYTES + 12);
    this.#last = { time, atMs: unit.atMs };
    this.sink.send(framed);
    return starts.length;
  }

  /** Says which time is now. `wallMs` turns a monotonic instant into one since 1970. */
  report(wallMs: (atMs: number) => number): void {
    const state = this.#state(wallMs);
    if (state) this.sink.control(senderReport(state));
  }

  /** Says that nothing more comes. */
  leave(wallMs: (atMs: number) => number): void {
    const state = this.#state(wallMs);
    if (state) this.sink.control(goodbye(state));
  }

  #state(wallMs: (atMs: number) => number): SenderState | undefined {
    if (!this.#last) return undefined;
    const { ssrc } = this;
    const { time, atMs } = this.#last;
    return { ssrc, wallMs: wallMs(atMs), rtpTime: time, packets: this.#packets, octets: this.#octets };
  }

  /** Times count from the beginning by the clock, and never go back. */
  #offsetFor(unit: MediaUnit, beganMs: number): number {
    const wanted = this.timeAt(unit.atMs - beganMs);
    const last = this.#last;
    const isBehind = last !== undefined && ((wanted - last.time) | 0) <= 0;
    return (isBehind ? last.time + 1 : wanted) - unit.rtpTime;
  }
}
