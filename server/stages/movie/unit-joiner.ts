/** Puts pictures together that came in several units: players take every sample for a whole picture. */
import { isSameInstant } from '#base/rtp/instant.ts';
import type { MediaTrack, MediaUnit } from '#model/media.ts';

/**
 * Some cameras describe every slice of a key picture anew, and what reads them takes each for a picture of its own
 * a tick later. Whether there is more of a picture is known only when the next one comes; hence only the first
 * picture waits for it, and afterwards those of cameras that were seen to do this.
 */
export class UnitJoiner {
  readonly #video: MediaTrack;
  #held: MediaUnit | undefined;
  #last: MediaUnit | undefined;
  #holds: 'first' | 'none' | 'keys' | 'all' = 'first';

  constructor(video: MediaTrack) {
    this.#video = video;
  }

  /** The pictures that are whole now that this unit came. */
  take(unit: MediaUnit): MediaUnit[] {
    const held = this.#held;
    const isMore = this.#last !== undefined && isSameInstant(this.#video, this.#last, unit);
    this.#last = unit;
    if (isMore) {
      this.#holds = this.#holds === 'all' || !unit.isKey ? 'all' : 'keys';
      // Too late for one that was handed on already; the next will be whole.
      if (held) this.#held = { ...held, packets: [...held.packets, ...unit.packets] };
      return [];
    }
    if (held && this.#holds === 'first') this.#holds = 'none';
    this.#held = this.#isHeld(unit) ? unit : undefined;
    return [held, this.#held ? undefined : unit].filter(one => one !== undefined);
  }

  #isHeld({ isKey }: MediaUnit): boolean {
    if (this.#holds === 'keys') return isKey;
    return this.#holds === 'first' || this.#holds === 'all';
  }
}
