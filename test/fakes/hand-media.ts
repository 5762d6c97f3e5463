/** Streams whose units a test hands out. */
import type { GlimpserError } from '#server/base/errors.ts';
import type { MediaBook, MediaStream, MediaTaker, MediaTrack, MediaUnit } from '#server/model/media.ts';

/** Streams by hand: one source, one list of tracks. */
export class HandMedia implements MediaBook {
  tracks: readonly MediaTrack[];
  /** Thrown to whoever wants the stream, when set. */
  failure: GlimpserError | undefined;
  /** Whoever wants the stream waits for this, when set. */
  late: Promise<void> | undefined;
  /** How often the stream was opened. */
  opened = 0;
  /** How many hold it. */
  holders = 0;
  /** How often a group was left out for somebody. */
  dropped = 0;
  readonly #takers = new Set<MediaTaker>();
  #kept: MediaUnit[] = [];

  constructor(tracks: readonly MediaTrack[]) {
    this.tracks = tracks;
  }

  /** How many take units. */
  get takers(): number {
    return this.#takers.size;
  }

  async hold(_sourceId: string, signal: AbortSignal): Promise<MediaStream & Disposable> {
    signal.throwIfAborted();
    if (this.failure) throw this.failure;
    await this.late;
    this.opened++;
    this.holders++;
    return {
      tracks: this.tracks,
      take: taker => this.#take(taker),
      dropped: () => void this.dropped++,
      [Symbol.dispose]: () => void this.holders--,
    };
  }

  /** Units come. */
  put(...units: readonly MediaUnit[]): void {
    for (const unit of units) {
      if (unit.isKey) this.#kept = [];
      this.#kept.push(unit);
      for (const taker of [...this.#takers]) taker.unit(unit);
    }
  }

  /** The stream ends. */
  end(): void {
    this.#kept = [];
    const takers = [...this.#takers];
    this.#takers.clear();
    for (const taker of takers) taker.end();
  }

  #take(taker: MediaTaker): Disposable {
    this.#takers.add(taker);
    for (const unit of this.#kept) taker.unit(unit);
    return { [Symbol.dispose]: () => void this.#takers.delete(taker) };
  }
}
