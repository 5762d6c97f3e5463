/** When pictures are decoded, by when they are shown: the same, unless the camera sends them out of order. */

const DEEPEST = 16;

/** Gives each picture an instant of decoding, always later than the one before. */
export class DecodeOrder {
  /** Instants of showing that were not given out yet, in order; as many as pictures come out of order. */
  readonly #held: number[] = [];
  readonly #usualStep: number;
  #depth: number;
  #last = Number.NEGATIVE_INFINITY;

  /** `depth`: how many pictures come out of order, as far as the stream says; more are found out. */
  constructor(depth: number, usualStep: number) {
    this.#depth = depth;
    this.#usualStep = usualStep;
  }

  /** Pictures come out of order. */
  get isReordered(): boolean {
    return this.#depth > 0;
  }

  /** Takes pictures in the order of decoding. All in ticks. */
  next(shownAt: number): number {
    if (this.#last === Number.NEGATIVE_INFINITY) this.#fill(shownAt);
    else if (shownAt <= this.#last && this.#depth < DEEPEST) this.#depth++;
    this.#held.push(shownAt);
    this.#held.sort((a, b) => a - b);
    const due = this.#held.length > this.#depth ? this.#held.shift() : undefined;
    this.#last = Math.max(due ?? this.#last, this.#last + 1);
    return this.#last;
  }

  #fill(shownAt: number): void {
    for (let i = this.#depth; i > 0; i--) this.#held.push(shownAt - i * this.#usualStep);
  }
}
