/** Places the packets of one track on the clock of the movie. */

const WIDEST_GAP_S = 10;
const FURTHEST_BACK_S = 1;

/**
 * RTP time begins anywhere, wraps and, when a camera starts afresh, jumps. Tracks of one stream begin at different
 * numbers; reports that would tie them together are not at hand, so that the arrival of the first packet does it.
 */
export class TrackClock {
  readonly #rate: number;
  readonly #originMs: number;
  #lastRtp: number | undefined;
  #place = 0;
  #usualStep = 0;

  /** `originMs`: the monotonic instant at which the movie begins. */
  constructor(rate: number, originMs: number) {
    this.#rate = rate;
    this.#originMs = originMs;
  }

  /** Ticks since the movie's beginning; below zero for what came earlier. */
  place(rtpTime: number, atMs: number): number {
    const arrival = Math.round(((atMs - this.#originMs) * this.#rate) / 1000);
    const last = this.#lastRtp;
    this.#lastRtp = rtpTime;
    if (last === undefined) {
      this.#place = arrival;
      return arrival;
    }
    // The difference modulo 2^32, as a signed number: right across a wrap and for pictures out of order.
    const step = (rtpTime - last) | 0;
    const isJump = step > WIDEST_GAP_S * this.#rate || step < -FURTHEST_BACK_S * this.#rate;
    this.#place = isJump ? Math.max(this.#place + this.#usualStep, arrival) : this.#place + step;
    if (!isJump && step > 0) this.#usualStep = step;
    return this.#place;
  }
}
