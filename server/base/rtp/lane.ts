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
  /** Times begin low, so that no player has to cope with their turn-over in the first hours, yet not at zero. */
  readonly #firstTime = randomInt(2 ** 24, 2 ** 30);
  #sequence = randomInt(2 ** 15);
  #offset: number | undefined;
  #lastTime: number | undefined;
  /** From the first time to the last one, without turn-over. */
  #ticks = 0;
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
    return (this.#firstTime + Math.round((sinceBeginMs * this.#clockRate) / 1000)) >>> 0;
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
    this.#ticks += (time - (this.#lastTime ?? this.#firstTime)) | 0;
    this.#lastTime = time;
    this.sink.send(framed);
    return starts.length;
  }

  /**
   * Says which time belongs to which instant; `beganAt` is the beginning in milliseconds since 1970. Always by the same
   * rule: a time that was corrected by the clock would make players jump.
   */
  report(beganAt: number): void {
    if (this.hasSent) this.sink.control(senderReport(this.#state(beganAt)));
  }

  /** Says that nothing more comes. */
  leave(beganAt: number): void {
    if (this.hasSent) this.sink.control(goodbye(this.#state(beganAt)));
  }

  #state(beganAt: number): SenderState {
    const wallMs = beganAt + (this.#ticks * 1000) / this.#clockRate;
    const rtpTime = (this.#firstTime + this.#ticks) >>> 0;
    return { ssrc: this.ssrc, wallMs, rtpTime, packets: this.#packets, octets: this.#octets };
  }

  /** Times count from the beginning by the clock, and never go back. */
  #offsetFor(unit: MediaUnit, beganMs: number): number {
    const wanted = this.timeAt((unit.dueMs ?? unit.atMs) - beganMs);
    const last = this.#lastTime;
    const isBehind = last !== undefined && ((wanted - last) | 0) <= 0;
    return (isBehind ? last + 1 : wanted) - unit.rtpTime;
  }
}
