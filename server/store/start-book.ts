/** The book of starts: how often the hub ended soon after it had started, in a small file that outlives a crash. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Clock } from '#base/clock.ts';
import { sentenceOf } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { redact } from '#base/redact.ts';

/** Starts that lie further apart are no storm. */
const WINDOW_MS = 600_000;
const KEPT = 20;
const WORDS_MAX = 300;

const bookSchema = z.object({
  startedAt: z.array(z.number()).catch([]),
  lastWords: z.string().nullable().catch(null),
});

/** What the book needs. */
export interface StartBookParts {
  file: string;
  clock: Clock;
  log: Log;
}

/**
 * The starts of the last minutes that nothing good is known of. Written at once and synchronously: the last words are
 * taken down while the process dies. A book that cannot be read or written holds no start up.
 */
export class StartBook {
  readonly #parts: StartBookParts;
  #startedAt: number[];
  #lastWords: string | null;
  #hasCrashed = false;

  constructor(parts: StartBookParts) {
    this.#parts = parts;
    const { startedAt, lastWords } = readBook(parts.file);
    const now = parts.clock.now();
    // Also those that seem to lie ahead: a machine without a battery for its clock may have started in the past.
    this.#startedAt = startedAt.filter(at => Math.abs(now - at) < WINDOW_MS).slice(-KEPT);
    this.#lastWords = lastWords;
  }

  /** How many starts in a row ended early, this one left out until it is begun. */
  get early(): number {
    return this.#startedAt.length;
  }

  /** What the last one said when it ended; null when it had no time to say anything. */
  get lastWords(): string | null {
    return this.#lastWords;
  }

  /** Takes down that the hub starts now. */
  begin(): void {
    this.#startedAt.push(this.#parts.clock.now());
    this.#lastWords = null;
    this.#write();
  }

  /** Takes down why the hub ends; from now on its end counts as early. */
  crash(thrown: unknown): void {
    this.#hasCrashed = true;
    this.#lastWords = redact(sentenceOf(thrown)).slice(0, WORDS_MAX);
    this.#write();
  }

  /** All earlier starts count as if they had just been: one more early end, and the storm is seen at once. */
  renew(): void {
    this.#startedAt = this.#startedAt.map(() => this.#parts.clock.now());
    this.#write();
  }

  /** The hub went on for long enough, or was asked to end: nothing counts any more, unless it crashed. */
  clear(): void {
    if (this.#hasCrashed) return;
    this.#startedAt = [];
    this.#lastWords = null;
    this.#attempt(() => rmSync(this.#parts.file, { force: true }));
  }

  #write(): void {
    const { file } = this.#parts;
    const text = `${JSON.stringify({ startedAt: this.#startedAt, lastWords: this.#lastWords })}\n`;
    this.#attempt(() => {
      writeFileSync(`${file}.tmp`, text, { mode: 0o600 });
      renameSync(`${file}.tmp`, file);
    });
  }

  #attempt(step: () => void): void {
    try {
      step();
    } catch (thrown) {
      this.#parts.log.warning('Starts cannot be counted, so that a restart in a circle would not be seen', {
        error: thrown,
      });
    }
  }
}

function readBook(file: string): z.output<typeof bookSchema> {
  try {
    return bookSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // None is there, or a full disk cut it: then nothing is known of earlier starts.
    return { startedAt: [], lastWords: null };
  }
}
