/** Retrying as a plain list of waits: 1 s ×5, 5 s ×5, 10 s ×10, then 60 s for ever. */

const TIERS: ReadonlyArray<readonly [waitMs: number, times: number]> = [
  [1000, 5],
  [5000, 5],
  [10_000, 10],
  [60_000, Number.POSITIVE_INFINITY],
];

/** How a list of waits is made. */
export interface WaitsOptions {
  /** Share of each wait that is random, so that a hundred cameras do not return together. */
  jitter?: number;
  /** A number from 0 up to 1; passed in by tests. */
  random?: () => number;
}

/**
 * Endless waits in milliseconds, tier by tier, each up to `jitter` shorter or longer.
 * @example for (const waitMs of waits()) { await clock.sleep(waitMs, signal); if (await works()) break; }
 */
export function* waits({
  jitter = 0.2,
  random = Math.random,
}: WaitsOptions = {}): Generator<number, never, void> {
  for (const [waitMs, times] of TIERS) {
    for (let i = 0; i < times; i++) yield Math.round(waitMs * (1 + jitter * (random() * 2 - 1)));
  }
  throw new RangeError('unreachable: the last tier never ends');
}
