/** A clock that stands still until a test moves it. */
import type { Clock } from '#server/base/clock.ts';

interface Waiter {
  dueMs: number;
  call: () => void;
}

/** Time under the test's control. Starts at 2026-01-01T00:00:00Z. */
export class FakeClock implements Clock {
  #ms = 0;
  #jumpedMs = 0;
  readonly #startAt = Date.UTC(2026, 0, 1);
  readonly #waiters = new Set<Waiter>();

  now(): number {
    return this.#startAt + this.#ms + this.#jumpedMs;
  }

  /** Somebody sets the machine's clock, on or back; no time passes. */
  jump(ms: number): void {
    this.#jumpedMs += ms;
  }

  monotonic(): number {
    return this.#ms;
  }

  /** How many sleeps and timers wait. */
  get waiting(): number {
    return this.#waiters.size;
  }

  after(ms: number, call: () => void): Disposable {
    const waiter = { dueMs: this.#ms + ms, call };
    this.#waiters.add(waiter);
    return { [Symbol.dispose]: () => void this.#waiters.delete(waiter) };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(abortError());
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => {
      timer[Symbol.dispose]();
      reject(abortError());
    };
    const timer = this.after(ms, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    signal?.addEventListener('abort', abort, { once: true });
    return promise;
  }

  /** Moves time on, calling what falls due in order, and lets promises settle after each. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#ms + ms;
    await settle();
    for (let next = this.#next(endMs); next; next = this.#next(endMs)) {
      this.#waiters.delete(next);
      this.#ms = next.dueMs;
      next.call();
      await settle();
    }
    this.#ms = endMs;
    await settle();
  }

  #next(endMs: number): Waiter | undefined {
    const due = [...this.#waiters].filter(waiter => waiter.dueMs <= endMs);
    return due.sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}

function abortError(): DOMException {
  return new DOMException('This operation was aborted', 'AbortError');
}

/** Lets everything run that is ready to run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise(resolve => setImmediate(resolve));
}
