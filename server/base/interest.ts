/** Whether anybody wants something now: counted, so that work is done only while somebody does. */
import type { Clock } from './clock.ts';

/** What those who do the work see of an interest. */
export type Wanted = Pick<Interest, 'isWanted' | 'wanted' | 'lost'>;

/** A count of those who want it. With an interest above, whoever wants this wants that, too. */
export class Interest {
  readonly #above: Interest | undefined;
  readonly #ears = new Set<() => void>();
  #place: Disposable | undefined;
  #count = 0;

  constructor(above?: Interest) {
    this.#above = above;
  }

  get isWanted(): boolean {
    return this.#count > 0;
  }

  /** Wants it until disposed. */
  add(): Disposable {
    let isHeld = true;
    this.#change(1);
    return {
      [Symbol.dispose]: () => {
        if (isHeld) this.#change(-1);
        isHeld = false;
      },
    };
  }

  /** Calls back when the first comes and when the last has left, until disposed. */
  onChange(call: () => void): Disposable {
    this.#ears.add(call);
    return { [Symbol.dispose]: () => void this.#ears.delete(call) };
  }

  /** Resolves as soon as somebody wants it. Rejects with the reason of the signal. */
  wanted(signal: AbortSignal): Promise<void> {
    return this.#until(true, signal);
  }

  /** Resolves once nobody has wanted it for so long. Rejects with the reason of the signal. */
  async lost(lingerMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
    while (true) {
      await this.#until(false, signal);
      const over = new AbortController();
      const either = AbortSignal.any([signal, over.signal]);
      const slept = clock.sleep(lingerMs, either).then(() => true);
      const back = this.#until(true, either).then(() => false);
      slept.catch(() => undefined);
      back.catch(() => undefined);
      try {
        if (await Promise.race([slept, back])) return;
      } catch (thrown) {
        signal.throwIfAborted();
        throw thrown;
      } finally {
        over.abort();
      }
    }
  }

  async #until(isWanted: boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.isWanted === isWanted) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    using _ear = this.onChange(() => this.isWanted === isWanted && resolve());
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #change(by: 1 | -1): void {
    const before = this.isWanted;
    this.#count += by;
    if (this.isWanted === before) return;
    if (this.isWanted) this.#place = this.#above?.add();
    else this.#place?.[Symbol.dispose]();
    for (const ear of [...this.#ears]) ear();
  }
}
