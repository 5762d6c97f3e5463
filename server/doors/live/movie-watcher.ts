/** One watcher of a movie: gets every fragment, or whole groups of pictures fewer when the line is too slow. */
import type { Clock } from '#base/clock.ts';
import type { Movie, MovieFragment, MovieTaker } from '#model/media.ts';

/** Where fragments go. */
export interface MovieSink {
  /** `isLive`: it has just come; else it was kept for newcomers. */
  send(fragment: MovieFragment, isLive: boolean): void;
  /** Bytes that were sent and that the line has not taken yet. */
  waitingBytes(): number;
  /** Ends the connection: the movie is over, or the line takes nothing any more. */
  end(why: 'over' | 'stuck'): void;
}

/** What may wait on a line before pictures are left out. */
const WAITING_BYTES = 4_000_000;
const LOOK_MS = 1000;
const STUCK_MS = 10_000;

/** Hands a movie to a sink until it is disposed. */
export class MovieWatcher implements MovieTaker, Disposable {
  readonly #movie: Movie;
  readonly #sink: MovieSink;
  readonly #clock: Clock;
  readonly #place: Disposable;
  #look: Disposable | undefined;
  #isLive = false;
  #isOver = false;
  /** Fragments are of use only behind a key fragment without a gap. */
  #isSkipping = true;
  /** More than usual at first: what was kept comes in one go. */
  #roomBytes = WAITING_BYTES;
  #sentBytes = 0;
  #takenBytes = 0;
  #movedAtMs: number;

  constructor(movie: Movie, sink: MovieSink, clock: Clock) {
    this.#movie = movie;
    this.#sink = sink;
    this.#clock = clock;
    this.#movedAtMs = clock.monotonic();
    this.#place = movie.take(this);
    this.#roomBytes += this.#sentBytes;
    this.#isLive = true;
    this.#wait();
  }

  fragment(fragment: MovieFragment): void {
    if (this.#isOver) return;
    const isFull = this.#isLive && this.#isFull();
    if (isFull && (fragment.isKey || !this.#isSkipping)) this.#movie.dropped?.();
    this.#isSkipping = fragment.isKey ? isFull : this.#isSkipping || isFull;
    if (this.#isSkipping) return;
    this.#sentBytes += fragment.bytes.length;
    this.#sink.send(fragment, this.#isLive);
  }

  end(): void {
    this.#finish('over');
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#look?.[Symbol.dispose]();
    this.#place[Symbol.dispose]();
  }

  #isFull(): boolean {
    const waiting = this.#sink.waitingBytes();
    if (waiting < WAITING_BYTES) this.#roomBytes = WAITING_BYTES;
    return waiting > this.#roomBytes;
  }

  #wait(): void {
    if (this.#isOver) return;
    this.#look = this.#clock.after(LOOK_MS, () => {
      if (this.#isStuck()) this.#finish('stuck');
      else this.#wait();
    });
  }

  #isStuck(): boolean {
    const waiting = this.#sink.waitingBytes();
    const taken = this.#sentBytes - waiting;
    const nowMs = this.#clock.monotonic();
    if (waiting === 0 || taken !== this.#takenBytes) this.#movedAtMs = nowMs;
    this.#takenBytes = taken;
    return nowMs - this.#movedAtMs >= STUCK_MS;
  }

  #finish(why: 'over' | 'stuck'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#look?.[Symbol.dispose]();
    this.#sink.end(why);
  }
}
