/** How many may come: connections in all and from one address, and sessions. */

/** Counts up to a limit, and up to another one for each name. */
export class Seats {
  readonly #most: number;
  readonly #mostEach: number;
  readonly #byName = new Map<string, number>();
  #taken = 0;

  constructor(most: number, mostEach = most) {
    this.#most = most;
    this.#mostEach = mostEach;
  }

  get taken(): number {
    return this.#taken;
  }

  /** A seat until it is disposed; undefined when there is none. */
  take(name = ''): Disposable | undefined {
    const each = this.#byName.get(name) ?? 0;
    if (this.#taken >= this.#most || each >= this.#mostEach) return undefined;
    this.#taken++;
    this.#byName.set(name, each + 1);
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (isTaken) this.#free(name);
        isTaken = false;
      },
    };
  }

  #free(name: string): void {
    this.#taken--;
    const each = (this.#byName.get(name) ?? 1) - 1;
    if (each > 0) this.#byName.set(name, each);
    else this.#byName.delete(name);
  }
}
