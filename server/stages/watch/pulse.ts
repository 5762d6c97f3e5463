/** Signs of life of one run: its pictures, and what else comes between them. */
import type { Clock } from '#base/clock.ts';
import type { Patience } from './plan.ts';
import { StallTimer } from './stall.ts';

/** However alive the stream is, pictures have to come out of it. */
const PICTURELESS_MS = 60_000;

/** Calls back once when a source has gone silent. */
export class Pulse implements Disposable {
  readonly #clock: Clock;
  readonly #patience: Patience;
  readonly #stall: StallTimer;
  #pictureAt: number | undefined;
  #aliveAt: number | undefined;

  constructor(clock: Clock, patience: Patience, silent: (ms: number, hasPicture: boolean) => void) {
    this.#clock = clock;
    this.#patience = patience;
    this.#stall = new StallTimer(clock, ms => silent(ms, this.#pictureAt !== undefined));
  }

  /** The run begins. */
  start(): void {
    this.#stall.expectWithin(this.#patience.firstMs);
  }

  /** A picture came. */
  picture(): void {
    const at = this.#clock.monotonic();
    this.#stall.expectWithin(this.#patience.nextMs(gap(this.#pictureAt, at)));
    this.#pictureAt = at;
  }

  /** Something came that is no picture. Only a picture ends the wait for the first one. */
  alive(): void {
    const at = this.#clock.monotonic();
    const gapMs = gap(this.#aliveAt, at);
    this.#aliveAt = at;
    if (this.#pictureAt === undefined || gapMs === undefined) return;
    const leftMs = this.#pictureAt + PICTURELESS_MS - at;
    this.#stall.expectWithin(Math.max(0, Math.min(this.#patience.nextMs(gapMs), leftMs)));
  }

  [Symbol.dispose](): void {
    this.#stall[Symbol.dispose]();
  }
}

function gap(before: number | undefined, now: number): number | undefined {
  return before === undefined ? undefined : now - before;
}
