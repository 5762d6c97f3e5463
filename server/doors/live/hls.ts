/** HLS for everybody: one shelf for each source that is asked for. */
import { GlimpserError } from '#base/errors.ts';
import { HlsShelf, type ShelfParts } from './hls-shelf.ts';

/** The type of playlists. */
export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';

/** The shelves of a hub. */
export class Hls implements Disposable {
  readonly #parts: Omit<ShelfParts, 'sourceId' | 'onIdle'>;
  readonly #shelves = new Map<string, HlsShelf>();

  constructor(parts: Omit<ShelfParts, 'sourceId' | 'onIdle'>) {
    this.#parts = parts;
  }

  /** The shelf of a source; it is put up when there is none. */
  shelf(sourceId: string): HlsShelf {
    const standing = this.#shelves.get(sourceId);
    if (standing) return standing;
    const shelf = new HlsShelf({ ...this.#parts, sourceId, onIdle: () => this.#putAway(sourceId) });
    this.#shelves.set(sourceId, shelf);
    return shelf;
  }

  /** The shelf of a source whose playlist was asked for. Throws `not-found`. */
  standing(sourceId: string): HlsShelf {
    const shelf = this.#shelves.get(sourceId);
    if (shelf) return shelf;
    throw new GlimpserError('not-found', 'This part of the movie is over. Load the playlist first.');
  }

  [Symbol.dispose](): void {
    for (const sourceId of [...this.#shelves.keys()]) this.#putAway(sourceId);
  }

  #putAway(sourceId: string): void {
    this.#shelves.get(sourceId)?.[Symbol.dispose]();
    this.#shelves.delete(sourceId);
  }
}
