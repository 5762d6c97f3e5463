/** How many bytes all captures take: counted up at once, and read again from the store after some were forgotten. */
import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log.ts';
import type { HubBus } from '#model/signals.ts';

const READ_AGAIN_MS = 5000;

/** What the count needs of the hub. */
export interface StoredBytesParts {
  bus: HubBus;
  clock: Clock;
  log: Log;
  store: { totals(): Promise<{ bytes: number }> };
}

/** The count. */
export class StoredBytes implements Disposable {
  readonly #parts: StoredBytesParts;
  readonly #ear: Disposable;
  #value = 0;
  #reading: Promise<void>;
  #timer: Disposable | undefined;

  constructor(parts: StoredBytesParts) {
    this.#parts = parts;
    this.#reading = this.#read();
    this.#ear = parts.bus.on('capture.forgotten', 'keep', () => this.#readLater());
  }

  get value(): number {
    return this.#value;
  }

  add(bytes: number): void {
    this.#value += bytes;
  }

  /** Resolves when the last reading is done. */
  settled(): Promise<void> {
    return this.#reading;
  }

  [Symbol.dispose](): void {
    this.#ear[Symbol.dispose]();
    this.#timer?.[Symbol.dispose]();
  }

  #readLater(): void {
    this.#timer ??= this.#parts.clock.after(READ_AGAIN_MS, () => {
      this.#timer = undefined;
      this.#reading = this.#read();
    });
  }

  async #read(): Promise<void> {
    try {
      this.#value = (await this.#parts.store.totals()).bytes;
    } catch (thrown) {
      this.#parts.log.warning('The size of all captures could not be read', { error: thrown });
    }
  }
}
