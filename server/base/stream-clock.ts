/** Holds the clock of a stream against ours: a camera that sets its own makes players stand still or leap. */
import type { Clock } from './clock.ts';

const WINDOW_MS = 6000;
/** Networks hold packets back for less than this. */
const TOLERANCE_MS = 4000;
/** What was held back comes in one burst; only what is still wrong after it counts. */
const GRACE_MS = 2000;

/** Watches the times of one track. */
export class StreamClock {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #ticksPerMs: number;
  #last: number | undefined;
  #begin: { ms: number; ticks: number } = { ms: 0, ticks: 0 };
  #ticks = 0;
  #suspectAt: number | undefined;

  /** `clockRate`: ticks of the track a second. */
  constructor(clock: Pick<Clock, 'monotonic'>, clockRate: number) {
    this.#clock = clock;
    this.#ticksPerMs = clockRate / 1000;
  }

  /** Takes the 32-bit time of the next unit; true once it has gone far from our clock within a few seconds, and stays there. */
  hasJumped(rtpTime: number): boolean {
    const nowMs = this.#clock.monotonic();
    if (this.#last === undefined) this.#begin = { ms: nowMs, ticks: 0 };
    // Times wrap; the shorter way round is meant.
    else this.#ticks += (rtpTime - this.#last) | 0;
    this.#last = rtpTime;
    const passedMs = nowMs - this.#begin.ms;
    if (passedMs < WINDOW_MS) return false;
    const offMs = (this.#ticks - this.#begin.ticks) / this.#ticksPerMs - passedMs;
    if (Math.abs(offMs) < TOLERANCE_MS) {
      this.#begin = { ms: nowMs, ticks: this.#ticks };
      this.#suspectAt = undefined;
      return false;
    }
    this.#suspectAt ??= nowMs;
    return nowMs - this.#suspectAt >= GRACE_MS;
  }
}
