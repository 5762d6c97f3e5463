/** Measures a running stream: pictures and bits a second, told every few seconds. */
import type { Clock } from './clock.ts';
import type { MediaStream, MediaTaker, MediaUnit } from './rtp/media.ts';
import { StreamClock } from './stream-clock.ts';

const EVERY_MS = 2000;

/** What a stream carries. */
export interface StreamFigures {
  fps: number;
  bitsPerSecond: number;
}

/** What the meter is told to do. */
export interface MeterParts {
  clock: Clock;
  /** Called for every unit of video. */
  alive(): void;
  measured(figures: StreamFigures): void;
  /** Called once, when the camera has set its clock in the middle of the stream. */
  jumped(): void;
}

/** Measures until disposed or until the stream ends. */
export function meterStream(stream: MediaStream, parts: MeterParts): Disposable {
  return new Meter(stream, parts);
}

class Meter implements MediaTaker, Disposable {
  readonly #stream: MediaStream;
  readonly #parts: MeterParts;
  readonly #place: Disposable;
  #tick: Disposable | undefined;
  #sinceMs: number;
  #units = 0;
  #bytes = 0;
  #isJoined = false;
  #clock: StreamClock | undefined;

  constructor(stream: MediaStream, parts: MeterParts) {
    this.#stream = stream;
    this.#parts = parts;
    this.#sinceMs = parts.clock.monotonic();
    const video = stream.tracks.find(({ kind }) => kind === 'video');
    this.#clock = video && new StreamClock(parts.clock, video.clockRate);
    this.#place = stream.take(this);
    // What was kept from before came at other times.
    this.#isJoined = true;
    this.#wait();
  }

  unit(unit: MediaUnit): void {
    if (!this.#isJoined) return;
    for (const packet of unit.packets) this.#bytes += packet.length;
    if (this.#stream.tracks[unit.track]?.kind !== 'video') return;
    this.#units++;
    this.#parts.alive();
    if (!this.#clock?.hasJumped(unit.rtpTime)) return;
    this.#clock = undefined;
    this.#parts.jumped();
  }

  end(): void {
    this.#tick?.[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.end();
    this.#place[Symbol.dispose]();
  }

  #wait(): void {
    this.#tick = this.#parts.clock.after(EVERY_MS, () => {
      const nowMs = this.#parts.clock.monotonic();
      const seconds = (nowMs - this.#sinceMs) / 1000;
      if (this.#units > 0) {
        this.#parts.measured({ fps: this.#units / seconds, bitsPerSecond: (8 * this.#bytes) / seconds });
      }
      this.#sinceMs = nowMs;
      this.#units = 0;
      this.#bytes = 0;
      this.#wait();
    });
  }
}
