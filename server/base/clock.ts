/** Time as a parameter, so that tests of hours run in milliseconds. */
import { setTimeout as delay } from 'node:timers/promises';

/** What anything that waits or stamps is given. */
export interface Clock {
  /** Milliseconds since 1970, UTC; may jump when the machine's clock is set. */
  now(): number;
  /** Milliseconds that never jump; for intervals and deadlines. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with an AbortError when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once after `ms`, unless disposed before. Does not keep the process alive. */
  after(ms: number, call: () => void): Disposable;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    timer.unref();
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};

/** An instant of a clock as ISO 8601 UTC. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
