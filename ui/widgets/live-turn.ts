/** The turn of one picture: asked for, waited for and given back as its wish changes. */
import type { LiveWish } from './live-mode.ts';
import { type StreamTurn, turnsFor } from './stream-turns.ts';

/** Holds one turn at most. */
export class LiveTurn {
  readonly #granted: () => void;
  #turn: StreamTurn | undefined;
  #wish: LiveWish | undefined;

  /** `granted` is called when a turn comes later than it was asked for. */
  constructor(granted: () => void) {
    this.#granted = granted;
  }

  get isGranted(): boolean {
    return this.#turn?.isGranted === true;
  }

  /** Asks for what is wished; undefined gives back. */
  want(wish: LiveWish | undefined): void {
    if (wish === this.#wish) return;
    this.#turn?.release();
    this.#wish = wish;
    this.#turn = wish && turnsFor[wish].ask(this.#granted);
  }
}
