/** Reads the hub's clock from here, to tell how far behind a movie is. */

const KEPT_PINGS = 8;

interface Reading {
  tripMs: number;
  /** To be added to our own time to get the hub's. */
  offsetMs: number;
}

/**
 * What is measured: from the moment when the picture that is shown now came to the hub, to its display here. The
 * way over the network, the waiting in this browser and its decoding are in it. What camera and cable took before
 * the hub is not: nobody tells. The hub's clock is read by pings, of which the quickest of the last eight counts;
 * it is wrong by half of its trip at most. All in milliseconds of clocks that never jump.
 */
export class HubClock {
  #readings: Reading[] = [];
  #mark: { startMs: number; hubMs: number } | undefined;

  /** A ping that was sent at `sentMs` has been answered: at that time the hub's clock said `hubMs`. */
  answered(sentMs: number, nowMs: number, hubMs: number): void {
    const reading = { tripMs: nowMs - sentMs, offsetMs: hubMs - (sentMs + nowMs) / 2 };
    this.#readings = [...this.#readings.slice(1 - KEPT_PINGS), reading];
  }

  /** The fragment at `startMs` of the movie came to the hub when its clock said `hubMs`. */
  marked(mark: { startMs: number; hubMs: number }): void {
    this.#mark = mark;
  }

  /** How far behind the picture at `movieMs` of the movie is when it is shown at `shownMs`; undefined while unknown. */
  behindMs(movieMs: number, shownMs: number): number | undefined {
    const [best] = [...this.#readings].sort((a, b) => a.tripMs - b.tripMs);
    if (!best || !this.#mark) return undefined;
    const cameMs = this.#mark.hubMs + (movieMs - this.#mark.startMs);
    return Math.max(0, shownMs + best.offsetMs - cameMs);
  }
}
