/** Turns: at most so many at once, the rest wait in the order in which they came. */

/**
 * @example using turn = await turns.take(signal);
 */
export class Turns {
  readonly #most: number;
  readonly #queue = new Set<() => void>();
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** How many have a turn. */
  get taken(): number {
    return this.#taken;
  }

  /** How many wait for one. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Waits for a turn; dispose it to let the next one in. Rejects when the signal fires first. */
  async take(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    if (this.#taken < this.#most) this.#taken++;
    else await this.#wait(signal);
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (isHeld) this.#pass();
        isHeld = false;
      },
    };
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => {
      this.#queue.delete(resolve);
      reject(signal.reason);
    };
    this.#queue.add(resolve);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** A turn goes straight to the next in the queue, so that nobody can slip in between. */
  #pass(): void {
    const next = this.#queue.values().next().value;
    if (!next) {
      this.#taken--;
      return;
    }
    this.#queue.delete(next);
    next();
  }
}
