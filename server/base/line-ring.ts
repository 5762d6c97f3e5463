/** The last lines of what a program prints: cut into lines, credentials redacted, bounded in number and length. */
import { redact } from './redact.ts';

const KEPT_LINES = 100;
const SHOWN_CHARACTERS = 500;
/** Redacted whole before it is shortened, so that no cut goes through a password. */
const READ_CHARACTERS = 2000;

/** Takes text in pieces as it arrives. */
export class LineRing {
  /** Oldest first. */
  readonly lines: string[] = [];
  readonly #onLine: ((line: string) => void) | undefined;
  #open = '';

  constructor(onLine?: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** Adds text; a line counts when its end has come. What exceeds the length of a line is dropped. */
  feed(text: string): void {
    const pieces = text.split(/[\r\n]+/);
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) this.end();
      this.#open = (this.#open + piece).slice(0, READ_CHARACTERS);
    }
  }

  /** Counts what came last as a line, although it has no end. */
  end(): void {
    const line = redact(this.#open).slice(0, SHOWN_CHARACTERS);
    this.#open = '';
    if (line === '') return;
    this.lines.push(line);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
    this.#onLine?.(line);
  }
}
