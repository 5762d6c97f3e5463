/** A movie on its way: the fragments since the newest key fragment, and everybody who takes them. */
import { sentenceOf } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { MovieFragment, MovieTaker } from '#model/media.ts';

/** More than this is not kept for newcomers; they wait for the next key fragment. */
const KEPT_BYTES = 16_000_000;

/** Hands fragments on. */
export class Reel {
  readonly #log: Log;
  readonly #takers = new Set<MovieTaker>();
  #kept: MovieFragment[] = [];
  #keptBytes = 0;
  #isOver = false;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Hands a fragment to everybody. */
  put(fragment: MovieFragment): void {
    if (fragment.isKey) this.#forget();
    this.#keep(fragment);
    for (const taker of this.#takers) this.#tell(() => taker.fragment(fragment));
  }

  /** Joins a taker. */
  take(taker: MovieTaker): Disposable {
    for (const fragment of this.#kept) this.#tell(() => taker.fragment(fragment));
    if (this.#isOver) this.#tell(() => taker.end());
    else this.#takers.add(taker);
    return { [Symbol.dispose]: () => void this.#takers.delete(taker) };
  }

  /** Tells everybody that the movie is over. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forget();
    const takers = [...this.#takers];
    this.#takers.clear();
    for (const taker of takers) this.#tell(() => taker.end());
  }

  #keep(fragment: MovieFragment): void {
    // What does not begin with a key fragment is of no use to a newcomer.
    if (!fragment.isKey && this.#kept.length === 0) return;
    this.#kept.push(fragment);
    this.#keptBytes += fragment.bytes.length;
    if (this.#keptBytes > KEPT_BYTES) this.#forget();
  }

  #forget(): void {
    this.#kept = [];
    this.#keptBytes = 0;
  }

  #tell(call: () => void): void {
    try {
      call();
    } catch (thrown) {
      this.#log.error(`Somebody who watches a movie threw: ${sentenceOf(thrown)}`, { error: thrown });
    }
  }
}
