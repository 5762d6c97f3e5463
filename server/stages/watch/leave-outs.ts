/** Pictures that are left out for want of speed. What comes in one go at a beginning says nothing of it. */
import type { Clock } from '#base/clock.ts';
import type { Interest } from '#base/interest.ts';

/** A connection, and whoever begins to look, is first given what was kept, faster than anybody takes it. */
const BEGINNING_MS = 10_000;

/** Tells of pictures that are left out, from a while after each beginning. */
export class LeaveOuts implements Disposable {
  readonly #clock: Clock;
  readonly #told: () => void;
  readonly #ear: Disposable;
  #begunMs: number;

  constructor(clock: Clock, looking: Pick<Interest, 'onChange'>, told: () => void) {
    this.#clock = clock;
    this.#told = told;
    this.#begunMs = clock.monotonic();
    this.#ear = looking.onChange(() => {
      this.#begunMs = clock.monotonic();
    });
  }

  /** A picture was left out. */
  add(): void {
    if (this.#clock.monotonic() - this.#begunMs >= BEGINNING_MS) this.#told();
  }

  [Symbol.dispose](): void {
    this.#ear[Symbol.dispose]();
  }
}
