/** Thins out what comes too often: at most one in so many milliseconds, evenly, without drifting. */

/** Arrivals jitter; what comes a little early still counts. */
const TOLERANCE = { share: 0.5, maxMs: 50 };

/** Decides for each arrival. */
export class Pace {
  readonly #everyMs: number;
  #dueMs: number | undefined;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** True when an arrival at this monotonic time is to be taken. */
  isDue(nowMs: number): boolean {
    const everyMs = this.#everyMs;
    if (everyMs <= 0) return true;
    const dueMs = this.#dueMs ?? nowMs;
    if (nowMs < dueMs - Math.min(everyMs * TOLERANCE.share, TOLERANCE.maxMs)) return false;
    // Counted from when it was due, unless a whole turn was missed.
    this.#dueMs = (nowMs - dueMs < everyMs ? dueMs : nowMs) + everyMs;
    return true;
  }
}
