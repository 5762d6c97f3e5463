/** Safety: a hub that ends again and again soon after its start comes up in safe mode, so that people can mend it. */
import { type Clock, isoTime } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { SafeMode } from '#model/safe-mode.ts';
import type { HubBus } from '#model/signals.ts';
import type { StartBook } from '#store/start-book.ts';

/** Early ends after which the next start is a safe one. */
const EARLY_MAX = 4;
/** A hub that went on for this long has not ended early. */
const CALM_MS = 60_000;
/** Nobody may be there to read why: then the sources are tried again. */
const TRY_AGAIN_MS = 30 * 60_000;

/** What safety needs. */
export interface SafetyParts {
  book: StartBook;
  bus: HubBus;
  clock: Clock;
  log: Log;
}

/** Whether the hub runs in safe mode, decided at the start. */
export class Safety implements Disposable {
  readonly #parts: SafetyParts;
  readonly #words: string;
  #mode: SafeMode | null;
  #timer: Disposable | undefined;

  constructor(parts: SafetyParts) {
    this.#parts = parts;
    const { book, clock, log } = parts;
    this.#words = lastWords(book.lastWords);
    this.#mode = book.early >= EARLY_MAX ? modeAfter(book.early, clock.now()) : null;
    for (const sentence of this.problems()) log.error(sentence);
  }

  /** The safe mode; null while the hub runs as ever. */
  get mode(): SafeMode | null {
    return this.#mode;
  }

  /** Sentences about what is wrong now. */
  problems(): string[] {
    if (!this.#mode) return [];
    return [`Safe mode: ${this.#mode.reason} After half an hour Glimpser tries it by itself. ${this.#words}`];
  }

  /** Counts the start. To be called when all is ready and before sources are looked at: failing earlier is no crash of theirs. */
  begin(): void {
    const { book, clock } = this.#parts;
    if (this.#mode) this.#timer = clock.after(TRY_AGAIN_MS, () => this.leave());
    else {
      book.begin();
      this.#waitForCalm();
    }
  }

  /** Starts the sources again. Throws `conflict` when the hub does not run in safe mode. */
  leave(): void {
    if (!this.#mode) {
      throw new GlimpserError(
        'conflict',
        'The hub does not run in safe mode: sources are looked at already.',
      );
    }
    const { book, bus, log } = this.#parts;
    this.#mode = null;
    this.#timer?.[Symbol.dispose]();
    book.renew();
    book.begin();
    log.info('Safe mode is over; sources are looked at again');
    this.#waitForCalm();
    bus.emit('safe-mode.left', {});
  }

  /** Takes down why the hub is about to end. */
  crash(thrown: unknown): void {
    this.#parts.book.crash(thrown);
  }

  /** An end in order. */
  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#parts.book.clear();
  }

  #waitForCalm(): void {
    this.#timer = this.#parts.clock.after(CALM_MS, () => this.#parts.book.clear());
  }
}

function modeAfter(early: number, now: number): SafeMode {
  return {
    since: isoTime(now),
    reason: `Glimpser ended ${early} times soon after its start, so no source is looked at now; everything else works. Correct or switch off what was changed last, then start the sources again.`,
    triesAgainAt: isoTime(now + TRY_AGAIN_MS),
  };
}

function lastWords(words: string | null): string {
  return words === null
    ? 'It ended without a word, which often means that the memory ran out or somebody stopped it by force.'
    : `Before it ended it said: ${words}`;
}
