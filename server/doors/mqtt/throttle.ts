/** Holds back what comes too often, per key; the last call is never lost. */
import type { Clock } from '#base/clock.ts';

/** What to call, and how often at most. */
export interface ThrottleOptions {
  clock: Clock;
  everyMs(): number;
  call(key: string): void;
}

/** Calls at most once in `everyMs` per key, the last time at the end of the wait. */
export class Throttle implements Disposable {
  readonly #options: ThrottleOptions;
  readonly #calledAt = new Map<string, number>();
  readonly #waiting = new Map<string, Disposable>();

  constructor(options: ThrottleOptions) {
    this.#options = options;
  }

  /** Calls now when the wait is over, else at its end. */
  soon(key: string): void {
    if (this.#waiting.has(key)) return;
    const { clock, everyMs } = this.#options;
    const calledAt = this.#calledAt.get(key);
    const waitMs = calledAt === undefined ? 0 : calledAt + everyMs() - clock.monotonic();
    if (waitMs <= 0) this.now(key);
    else
      this.#waiting.set(
        key,
        clock.after(waitMs, () => this.now(key)),
      );
  }

  /** Calls at once; the wait begins afresh. */
  now(key: string): void {
    this.#stop(key);
    this.#calledAt.set(key, this.#options.clock.monotonic());
    this.#options.call(key);
  }

  forget(key: string): void {
    this.#stop(key);
    this.#calledAt.delete(key);
  }

  [Symbol.dispose](): void {
    for (const key of [...this.#waiting.keys()]) this.#stop(key);
  }

  #stop(key: string): void {
    this.#waiting.get(key)?.[Symbol.dispose]();
    this.#waiting.delete(key);
  }
}
