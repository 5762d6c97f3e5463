/** A mailbox of one: the newest item waits, older ones are dropped, so a slow reader never costs memory. */

/**
 * Single reader, any number of writers.
 * @example for await (const frame of mailbox) await show(frame);
 */
export class Mailbox<T> implements AsyncIterable<T>, Disposable {
  #item: { value: T } | undefined;
  #wake: (() => void) | undefined;
  #isClosed = false;
  #dropped = 0;
  readonly #onDrop: (() => void) | undefined;

  /** `onDrop` is told of each item that is dropped. */
  constructor(onDrop?: () => void) {
    this.#onDrop = onDrop;
  }

  /** How many items a newer one replaced before they were read. */
  get dropped(): number {
    return this.#dropped;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Leaves an item; one that was not read yet is dropped. */
  put(value: T): void {
    if (this.#isClosed) return;
    if (this.#item) this.#drop();
    this.#item = { value };
    this.#wake?.();
  }

  /** Ends the reader after the item that waits. */
  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    while (true) {
      const item = this.#item;
      this.#item = undefined;
      if (item) yield item.value;
      else if (this.#isClosed) return;
      else await this.#arrival();
    }
  }

  #drop(): void {
    this.#dropped++;
    this.#onDrop?.();
  }

  #arrival(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    return promise.finally(() => {
      this.#wake = undefined;
    });
  }
}
