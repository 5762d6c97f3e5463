/** What is remembered of the tries of one source: the last attempts and log lines, in bounded memory. */
import { type Clock, isoTime } from '#base/clock.ts';
import { redact } from '#base/redact.ts';
import type { Attempt } from '#model/state.ts';

const ATTEMPTS = 50;
const LINES = 200;
const LINE_CHARACTERS = 500;

/** Attempts and log lines of one source. */
export class Trail {
  readonly #clock: Clock;
  readonly #attempts: Attempt[] = [];
  readonly #lines: string[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Newest first. */
  get attempts(): Attempt[] {
    return this.#attempts.toReversed();
  }

  /** Oldest first, each with its time. */
  get lines(): string[] {
    return [...this.#lines];
  }

  /** Adds a line, cut and without credentials. */
  note(line: string): void {
    const clean = redact(line.slice(0, 4 * LINE_CHARACTERS)).slice(0, LINE_CHARACTERS);
    this.#lines.push(`${isoTime(this.#clock.now())} ${clean}`);
    if (this.#lines.length > LINES) this.#lines.shift();
  }

  /** Adds a try with its outcome. */
  add(outcome: { tookMs: number; code: string | null; sentence: string }): Attempt {
    const attempt: Attempt = {
      at: isoTime(this.#clock.now()),
      isSuccess: outcome.code === null,
      tookMs: Math.round(outcome.tookMs),
      code: outcome.code,
      sentence: redact(outcome.sentence),
    };
    this.#attempts.push(attempt);
    if (this.#attempts.length > ATTEMPTS) this.#attempts.shift();
    return attempt;
  }
}
