/** Keeps a camera moving while a button is held: short orders again and again, so that a lost one stops it. */

/** Speeds from -1 to 1. */
export interface Speed {
  pan: number;
  tilt: number;
  zoom: number;
}

/** What the hand does to the outside. */
export interface HoldHands {
  move(speed: Speed, lastsMs: number): Promise<unknown>;
  stop(): Promise<unknown>;
  failed(thrown: unknown): void;
  /** Calls back after a while; answers how to prevent it. */
  later(ms: number, call: () => void): () => void;
}

/** Longer than the time between two orders, so that the camera does not stutter. */
const LASTS_MS = 1500;
const AGAIN_MS = 700;

/** One button that is held at a time. */
export class Hold {
  readonly #hands: HoldHands;
  #speed: Speed | undefined;
  #cancel: (() => void) | undefined;
  #isAsking = false;

  constructor(hands: HoldHands) {
    this.#hands = hands;
  }

  get speed(): Speed | undefined {
    return this.#speed;
  }

  /** Begins, or changes the direction. */
  press(speed: Speed): void {
    this.#speed = speed;
    this.#cancel?.();
    void this.#order();
  }

  /** Ends; harmless when nothing is held. */
  release(): void {
    if (!this.#speed) return;
    this.#speed = undefined;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#hands.stop().catch((thrown: unknown) => this.#hands.failed(thrown));
  }

  /** A slow camera gets its next order when it has answered the one before. */
  async #order(): Promise<void> {
    const speed = this.#speed;
    if (!speed) return;
    if (!this.#isAsking) {
      this.#isAsking = true;
      try {
        await this.#hands.move(speed, LASTS_MS);
      } catch (thrown) {
        this.#speed = undefined;
        this.#hands.failed(thrown);
      } finally {
        this.#isAsking = false;
      }
    }
    if (!this.#speed) return;
    // A direction that changed meanwhile does not wait.
    const waitMs = this.#speed === speed ? AGAIN_MS : 0;
    this.#cancel?.();
    this.#cancel = this.#hands.later(waitMs, () => void this.#order());
  }
}
