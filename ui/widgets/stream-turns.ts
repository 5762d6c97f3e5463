/** Shares the few live connections that a browser allows to one host: who may stream now, who waits. */

/** Asks for and gives back the right to stream. */
export interface StreamTurn {
  readonly isGranted: boolean;
  release(): void;
}

interface Waiting {
  isGranted: boolean;
  granted: () => void;
}

/** At most `most` streams at a time; the others wait in order. */
export class StreamTurns {
  readonly #most: number;
  readonly #holders = new Set<Waiting>();
  #line: Waiting[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Asks for a turn. `granted` is called later when none is free now. */
  ask(granted: () => void): StreamTurn {
    const asker: Waiting = { isGranted: false, granted };
    if (this.#holders.size < this.#most) this.#give(asker);
    else this.#line.push(asker);
    return {
      get isGranted() {
        return asker.isGranted;
      },
      release: () => this.#release(asker),
    };
  }

  #give(asker: Waiting): void {
    asker.isGranted = true;
    this.#holders.add(asker);
  }

  #release(asker: Waiting): void {
    this.#line = this.#line.filter(other => other !== asker);
    asker.isGranted = false;
    if (!this.#holders.delete(asker)) return;
    const next = this.#line.shift();
    if (!next) return;
    this.#give(next);
    next.granted();
  }
}

/**
 * The turns of this page. Browsers open six connections to a host: four for MJPEG leave two for everything else.
 * Movies come by WebSocket, which is not counted there; decoding many is what a small device cannot do.
 */
export const turnsFor = { stream: new StreamTurns(4), movie: new StreamTurns(9) };
