/** Keeps a movie at its live edge: when to leap forward, when to hurry a little, and what to forget. */

const FAR_S = 1.5;
const LATE_S = 0.8;
const NEAR_S = 0.4;
/** After a leap this much is ahead, so that the next jitter does not stop the movie. */
const AHEAD_S = 0.2;
const HURRY = 1.1;
const KEPT_S = 10;
const TRIM_S = 30;

/** Where the player stands, in seconds of the movie. */
export interface EdgeFacts {
  position: number;
  /** What it has, as one stretch up to the live edge. */
  start: number;
  end: number;
  rate: number;
  /** It has been at the live edge before; what comes first is up to a whole group of pictures old. */
  isBegun: boolean;
}

/** What to do about it. */
export interface EdgeSteps {
  leapTo?: number;
  rate: number;
  /** Forget what lies before. */
  trimTo?: number;
}

/** Decides. */
export function steer({ position, start, end, rate, isBegun }: EdgeFacts): EdgeSteps {
  const behind = end - position;
  const isLost = !isBegun || position < start || behind < -AHEAD_S || behind > FAR_S;
  const trimTo = position - KEPT_S;
  const trim = position - start > TRIM_S ? { trimTo } : {};
  if (isLost) return { leapTo: Math.max(start, end - AHEAD_S), rate: 1, ...trim };
  if (behind > LATE_S) return { rate: HURRY, ...trim };
  return { rate: behind < NEAR_S ? 1 : rate, ...trim };
}
