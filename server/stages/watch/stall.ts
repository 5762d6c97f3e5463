/** Notices that nothing comes: a deadline that is moved on cheaply, by the clock that never jumps. */
import type { Clock } from '#base/clock.ts';

/** One deadline; at most one timer waits, however often the deadline moves. */
export class StallTimer implements Disposable {
  readonly #clock: Clock;
  readonly #stalled: (withinMs: number) => void;
  #timer: Disposable | undefined;
  #rings = Number.POSITIVE_INFINITY;
  #dueAt = 0;
  #withinMs = 0;

  constructor(clock: Clock, stalled: (withinMs: number) => void) {
    this.#clock = clock;
    this.#stalled = stalled;
  }

  /** Calls back unless this is called again within the time; never, when that has no end. */
  expectWithin(ms: number): void {
    this.#withinMs = ms;
    this.#dueAt = this.#clock.monotonic() + ms;
    if (Number.isFinite(ms) && this.#dueAt < this.#rings) this.#ringIn(ms);
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  #ringIn(ms: number): void {
    this.#timer?.[Symbol.dispose]();
    this.#rings = this.#clock.monotonic() + ms;
    this.#timer = this.#clock.after(ms, () => this.#check());
  }

  #check(): void {
    const leftMs = this.#dueAt - this.#clock.monotonic();
    // Timers may ring a fraction of a millisecond early.
    if (leftMs > 1) this.#ringIn(leftMs);
    else this.#stalled(this.#withinMs);
  }
}
