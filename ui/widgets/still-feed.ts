/** Fetches the stills of one picture: once, or again and again while it is wanted. */
import { type Still, StillLoader } from './still-loader.ts';

/** What a feed is told and tells. */
export interface StillFeedParts {
  /** The address; empty: nothing is fetched. */
  address(): string;
  /** How long to wait until the next one; undefined: there is none. */
  nextInMs(): number | undefined;
  shown(still: Still): void;
  failed(): void;
}

/** One fetch at a time. */
export class StillFeed {
  readonly loader = new StillLoader();
  readonly #parts: StillFeedParts;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fetching: AbortController | undefined;
  /** Another one was wanted while one was on its way. */
  #isOvertaken = false;

  constructor(parts: StillFeedParts) {
    this.#parts = parts;
  }

  /** Fetches now, or as soon as the one that is on its way is there. */
  fetch(): void {
    clearTimeout(this.#timer);
    const address = this.#parts.address();
    if (address === '') return;
    if (this.#fetching) {
      this.#isOvertaken = true;
      return;
    }
    this.#isOvertaken = false;
    const fetching = new AbortController();
    this.#fetching = fetching;
    this.loader
      .load(address, fetching.signal)
      .then(still => still && this.#parts.shown(still))
      .catch(() => this.#parts.failed())
      .finally(() => this.#fetched(fetching));
  }

  /** Ends what is on its way. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#fetching?.abort();
    this.#fetching = undefined;
  }

  #fetched(fetching: AbortController): void {
    // One that was stopped ends late and must not speak for the one that followed it.
    if (this.#fetching !== fetching) return;
    this.#fetching = undefined;
    const waitMs = this.#parts.nextInMs();
    if (this.#isOvertaken) this.fetch();
    else if (waitMs !== undefined) this.#timer = setTimeout(() => this.fetch(), waitMs);
  }
}
