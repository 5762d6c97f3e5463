/** Callers that wait for the next frame of a source, or for its failure; all of them share one look. */
import type { Frame } from '#model/frame.ts';

interface Waiter {
  resolve(frame: Frame): void;
  reject(reason: unknown): void;
}

/** Those who wait now. */
export class Waiters {
  readonly #waiting = new Set<Waiter>();

  get count(): number {
    return this.#waiting.size;
  }

  /** Resolves with the next frame; rejects with what failed or with the reason of the signal. */
  async next(signal?: AbortSignal): Promise<Frame> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Frame>();
    const waiter = { resolve, reject };
    const leave = () => reject(signal?.reason);
    this.#waiting.add(waiter);
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', leave);
      this.#waiting.delete(waiter);
    }
  }

  /** Gives everybody the frame. */
  serve(frame: Frame): void {
    for (const waiter of this.#waiting) waiter.resolve(frame);
    this.#waiting.clear();
  }

  /** Sends everybody away with a reason. */
  refuse(reason: unknown): void {
    for (const waiter of this.#waiting) waiter.reject(reason);
    this.#waiting.clear();
  }
}
