/** A stream that runs: hands each unit to all takers and keeps what has come since the newest key unit for new ones. */
import { isSameInstant } from './instant.ts';
import type { MediaStream, MediaTaker, MediaTrack, MediaUnit } from './media.ts';

/** Ten seconds of 12 Mbit/s. */
const MAX_CACHE_BYTES = 16_000_000;

/** One running stream with its cache. */
export class LiveStream implements MediaStream {
  readonly tracks: readonly MediaTrack[];
  readonly #maxBytes: number;
  readonly #takers = new Set<MediaTaker>();
  #cache: MediaUnit[] = [];
  #cacheBytes = 0;
  /** False before the first key unit, and after a cache that grew too large until the next one. */
  #isCaching = false;
  #hasEnded = false;

  constructor(tracks: readonly MediaTrack[], maxCacheBytes = MAX_CACHE_BYTES) {
    this.tracks = tracks;
    this.#maxBytes = maxCacheBytes;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  take(taker: MediaTaker): Disposable {
    if (this.#hasEnded) {
      taker.end();
      return { [Symbol.dispose]: () => undefined };
    }
    for (const unit of this.#cache) taker.unit(unit);
    // One of its own, so that a taker may join twice.
    const seat: MediaTaker = { unit: unit => taker.unit(unit), end: () => taker.end() };
    this.#takers.add(seat);
    return { [Symbol.dispose]: () => void this.#takers.delete(seat) };
  }

  /** Hands on one unit. */
  push(unit: MediaUnit): void {
    if (this.#hasEnded) return;
    this.#remember(unit);
    for (const taker of this.#takers) taker.unit(unit);
  }

  /** Tells every taker that it is over; nothing comes after it. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#forget();
    const takers = [...this.#takers];
    this.#takers.clear();
    for (const taker of takers) taker.end();
  }

  #remember(unit: MediaUnit): void {
    if (unit.isKey && !this.#isMoreOfKey(unit)) {
      this.#forget();
      this.#isCaching = true;
    }
    if (!this.#isCaching) return;
    this.#cache.push(unit);
    for (const packet of unit.packets) this.#cacheBytes += packet.length;
    // A part of it would be no use: what follows a gap cannot be decoded.
    if (this.#cacheBytes > this.#maxBytes) this.#forget();
  }

  /**
   * Some cameras describe every slice of a key picture anew; FFmpeg takes each for a picture then, and hands on
   * several a tick apart. A decoder can begin with the first only.
   */
  #isMoreOfKey(unit: MediaUnit): boolean {
    const last = this.#cache.at(-1);
    return last?.isKey === true && isSameInstant(this.tracks[unit.track], last, unit);
  }

  #forget(): void {
    this.#cache = [];
    this.#cacheBytes = 0;
    this.#isCaching = false;
  }
}
