/** The movies of all sources: one maker for each that is watched, started by the first and stopped with the last. */
import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log.ts';
import type { MediaBook, MediaStream, Movie, MovieBook } from '#model/media.ts';
import { MovieMaker } from './maker.ts';

/** What movies are made of. */
export interface MovieBookParts {
  media: MediaBook;
  clock: Clock;
  log: Log;
  /** How people call a source. */
  nameOf(sourceId: string): string;
}

/** Makes the book of a hub. */
export function createMovieBook(parts: MovieBookParts): MovieBook {
  const running = new Map<string, Showing>();
  return {
    async hold(sourceId, signal) {
      signal.throwIfAborted();
      let showing = running.get(sourceId);
      if (!showing || showing.isOver) {
        showing = new Showing(sourceId, parts);
        running.set(sourceId, showing);
      }
      const held = showing;
      const place = held.join(() => {
        if (running.get(sourceId) === held) running.delete(sourceId);
      });
      try {
        const movie = await orAborted(held.movie, signal);
        const dropped = () => held.dropped();
        return { ...movie, dropped, [Symbol.dispose]: () => place[Symbol.dispose]() };
      } catch (thrown) {
        place[Symbol.dispose]();
        throw thrown;
      }
    },
  };
}

/** One movie and how many hold it. */
class Showing {
  readonly movie: Promise<Movie>;
  readonly #leaving = new AbortController();
  #stream: (MediaStream & Disposable) | undefined;
  #maker: MovieMaker | undefined;
  #isOver = false;
  #holders = 0;

  constructor(sourceId: string, parts: MovieBookParts) {
    this.movie = this.#open(sourceId, parts);
    this.movie.catch(() => {
      this.#isOver = true;
    });
  }

  /** Over: whoever comes now needs a new one. */
  get isOver(): boolean {
    return this.#isOver || this.#maker?.isOver === true;
  }

  /** A group of pictures was left out for somebody. */
  dropped(): void {
    this.#stream?.dropped?.();
  }

  join(onEmpty: () => void): Disposable {
    this.#holders++;
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (!isHeld) return;
        isHeld = false;
        if (--this.#holders > 0) return;
        onEmpty();
        this.#close();
      },
    };
  }

  async #open(sourceId: string, { media, clock, log, nameOf }: MovieBookParts): Promise<Movie> {
    const stream = await media.hold(sourceId, this.#leaving.signal);
    this.#stream = stream;
    // Everybody may have left while the stream was being opened.
    if (this.#leaving.signal.aborted) this.#close();
    this.#leaving.signal.throwIfAborted();
    this.#maker = new MovieMaker(stream, { clock, log, name: nameOf(sourceId) });
    return this.#maker.opened;
  }

  #close(): void {
    this.#isOver = true;
    this.#leaving.abort();
    this.#maker?.[Symbol.dispose]();
    this.#stream?.[Symbol.dispose]();
    this.#stream = undefined;
  }
}

/** Waits for a promise, but not longer than the signal. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort));
}
