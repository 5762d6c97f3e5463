/** The newest segments of one source for HLS, in memory, for as long as somebody asks for them. */
import type { Clock } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import type { Movie, MovieBook, MovieFragment } from '#model/media.ts';
import type { ListedSegment, Playlist } from './hls-playlist.ts';

const WINDOW = 6;
/** What is off the list may still be on its way to a player. */
const KEPT = WINDOW + 2;
const KEPT_BYTES = 96_000_000;
const SEGMENT_MS = 2000;
/** A camera that sleeps has to wake, and to send a key picture. */
const FIRST_WAIT_MS = 45_000;
const IDLE_MS = 30_000;

/** What a shelf is made of. */
export interface ShelfParts {
  sourceId: string;
  movies: MovieBook;
  clock: Clock;
  /** Counts as a viewer of a source until disposed. */
  seat(sourceId: string): Disposable;
  /** Called when nobody has asked for a while. */
  onIdle(): void;
}

interface Segment extends ListedSegment {
  bytes: Buffer;
}

/** Cuts a movie into segments. */
export class HlsShelf implements Disposable {
  readonly #parts: ShelfParts;
  readonly #closing = new AbortController();
  readonly #seat: Disposable;
  #segments: Segment[] = [];
  #inits = new Map<number, Buffer>();
  #open: MovieFragment[] = [];
  #next = 0;
  #movies = 0;
  #longestMs = SEGMENT_MS;
  #changes = 0;
  #idle: Disposable | undefined;
  #showing: Promise<Disposable> | undefined;
  #waiting = Promise.withResolvers<void>();

  constructor(parts: ShelfParts) {
    this.#parts = parts;
    this.#seat = parts.seat(parts.sourceId);
  }

  /** What can be played now; waits for the first segment. Throws why there is none. */
  async playlist(signal: AbortSignal): Promise<Playlist> {
    this.#touch();
    this.#showing ??= this.#show();
    // With segments at hand they are played first; why there is no next one is told when they are gone.
    this.#showing.catch(ignoreFailure);
    if (this.#segments.length === 0) await this.#firstSegment(this.#showing, signal);
    const listed = this.#segments.slice(-WINDOW);
    const before = this.#segments.slice(0, -WINDOW).map(({ movie }) => movie);
    const changed = new Set([...before, ...listed.slice(0, 1).map(({ movie }) => movie)]).size;
    const changes = this.#changes + Math.max(0, changed - 1);
    return { segments: listed, longestMs: this.#longestMs, changes };
  }

  /** The beginning of a movie. Throws `not-found`. */
  init(movie: number): Buffer {
    return this.#found(this.#inits.get(movie));
  }

  /** A segment. Throws `not-found` for one that is over. */
  segment(number: number): Buffer {
    return this.#found(this.#segments.find(segment => segment.number === number)?.bytes);
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
    this.#idle?.[Symbol.dispose]();
    this.#seat[Symbol.dispose]();
    this.#showing?.then(showing => showing[Symbol.dispose](), ignoreFailure);
    this.#segments = [];
    this.#inits.clear();
  }

  #found(bytes: Buffer | undefined): Buffer {
    this.#touch();
    if (bytes) return bytes;
    throw new GlimpserError('not-found', 'This part of the movie is over. Load the playlist anew.');
  }

  #touch(): void {
    this.#idle?.[Symbol.dispose]();
    this.#idle = this.#parts.clock.after(IDLE_MS, () => this.#parts.onIdle());
  }

  async #firstSegment(showing: Promise<Disposable>, signal: AbortSignal): Promise<void> {
    const late = Promise.withResolvers<never>();
    using _timer = this.#parts.clock.after(FIRST_WAIT_MS, () => late.reject(notYet()));
    signal.addEventListener('abort', () => late.reject(signal.reason), { once: true });
    const failed = showing.then(() => late.promise);
    failed.catch(ignoreFailure);
    await Promise.race([this.#waiting.promise, failed, late.promise]);
  }

  /** Takes the movie until it is over; the next request takes the next one. */
  async #show(): Promise<Disposable> {
    const { movies, sourceId } = this.#parts;
    try {
      const movie = await movies.hold(sourceId, this.#closing.signal);
      this.#inits.set(this.#movies, movie.init);
      const place = this.#take(movie, this.#movies++);
      return {
        [Symbol.dispose]: () => {
          place[Symbol.dispose]();
          movie[Symbol.dispose]();
        },
      };
    } catch (thrown) {
      this.#showing = undefined;
      throw thrown;
    }
  }

  #take(movie: Movie, index: number): Disposable {
    return movie.take({
      fragment: fragment => {
        const lengthMs = durationOf(this.#open);
        if (fragment.isKey && lengthMs >= SEGMENT_MS) this.#cut(index);
        if (fragment.isKey || this.#open.length > 0) this.#open.push(fragment);
      },
      end: () => {
        this.#cut(index);
        const over = this.#showing;
        this.#showing = undefined;
        over?.then(showing => showing[Symbol.dispose](), ignoreFailure);
      },
    });
  }

  #cut(movie: number): void {
    const fragments = this.#open;
    this.#open = [];
    if (fragments.length === 0 || this.#closing.signal.aborted) return;
    const durationMs = durationOf(fragments);
    this.#longestMs = Math.max(this.#longestMs, durationMs);
    const bytes = Buffer.concat(fragments.map(fragment => fragment.bytes));
    this.#segments.push({ number: this.#next++, durationMs, movie, bytes });
    while (this.#isTooMuch()) this.#dropOldest();
    this.#waiting.resolve();
  }

  #isTooMuch(): boolean {
    const bytes = this.#segments.reduce((sum, segment) => sum + segment.bytes.length, 0);
    return this.#segments.length > KEPT || (bytes > KEPT_BYTES && this.#segments.length > 1);
  }

  #dropOldest(): void {
    const dropped = this.#segments.shift();
    if (!dropped || this.#segments[0]?.movie === dropped.movie) return;
    this.#changes++;
    this.#inits.delete(dropped.movie);
  }
}

function durationOf(fragments: readonly MovieFragment[]): number {
  return fragments.reduce((sum, fragment) => sum + fragment.durationMs, 0);
}

function notYet(): GlimpserError {
  const sentence = 'The source has not sent enough for a first piece of HLS yet. Try again in a few seconds.';
  return new GlimpserError('not-ready', sentence, { retryAfterMs: 3000 });
}

/** Whoever asked was told; there is nobody else to tell. */
function ignoreFailure(): undefined {
  return undefined;
}
