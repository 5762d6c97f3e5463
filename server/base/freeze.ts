/** Frozen pictures: a camera whose clock and stream run on while its picture stands still, to the last byte. */
import type { Clock } from './clock.ts';

const STILL_MS = 30_000;
/** Two stills in a minute may be the same by chance; so many in a row are not. */
const STILL_PICTURES = 4;
/** So many pictures have to differ first: covers, test cards and dark rooms are the same from the start. */
const MOVING_PICTURES = 3;

/**
 * Watches the pictures of one connection. What never moved never freezes, and a new connection starts from nothing:
 * a scene that is truly still costs one connection, not one every half minute.
 */
export class FreezeWatch {
  readonly #clock: Clock;
  #last: Buffer | undefined;
  #sinceMs = 0;
  #same = 0;
  #moving = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True once one and the same picture has come for half a minute after pictures had differed. */
  isFrozen(image: Buffer): boolean {
    const nowMs = this.#clock.monotonic();
    const isSame = this.#last?.equals(image) ?? false;
    if (this.#last && !isSame) this.#moving++;
    this.#last = image;
    if (!isSame) {
      this.#sinceMs = nowMs;
      this.#same = 0;
      return false;
    }
    this.#same++;
    const isLong = this.#same >= STILL_PICTURES && nowMs - this.#sinceMs >= STILL_MS;
    return isLong && this.#moving >= MOVING_PICTURES;
  }
}
