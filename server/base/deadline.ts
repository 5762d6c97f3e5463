/** A signal that fires when it has taken too long. */
import type { Clock } from './clock.ts';

/**
 * @example using late = new Deadline(clock, 20_000); await open(late.or(signal));
 */
export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: Disposable;

  constructor(clock: Clock, ms: number) {
    this.#timer = clock.after(ms, () => this.#controller.abort());
  }

  /** A signal that fires at the deadline, or with the other one. */
  or(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([this.#controller.signal, signal]);
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }
}
