/** The end of the process, asked for by a signal, a person or a failure, at any time, also while the hub starts. */

/** How the process should end. */
export interface Wish {
  exitCode: number;
  /** Starts again afterwards. */
  isRestart: boolean;
}

/** Takes the first wish; later ones change nothing. */
export class Ending {
  readonly #asked = Promise.withResolvers<Wish>();
  readonly #stop = new AbortController();

  /** Fires when the end is asked for: a start is given up then. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Resolves when the end is asked for. */
  get asked(): Promise<Wish> {
    return this.#asked.promise;
  }

  ask(wish: Wish): void {
    this.#asked.resolve(wish);
    this.#stop.abort();
  }
}
