/** Reads the lines between the parts of a multipart stream: boundaries as servers really write them, and headers. */
import { GlimpserError } from './errors.ts';

const LIMIT_BYTES = 8192;
const LINE_FEED = 0x0a;
const HEADER = /^([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.*)$/;

/** The headers of a part, and what ends its body when they do not say its length. */
export interface ReadHead {
  headers: Record<string, string>;
  /** A line feed and the boundary line; undefined when no boundary is known. */
  delimiter: Buffer | undefined;
}

/** Line by line, so that a header that was cut in two is never searched twice. */
export class PartHead {
  readonly #promised: string | undefined;
  /** The boundary line as this server really writes it, whatever its Content-Type promised. */
  #boundary: string | undefined;
  #headers: Array<[string, string]> = [];
  #hasBoundary = false;
  #line = Buffer.alloc(0);
  #bytes = 0;

  constructor(boundary: string | undefined) {
    this.#promised = boundary?.replace(/^-+/, '');
  }

  /** Reads up to the blank line that ends a head. Throws `source-broken` for 8 kB without one. */
  read(chunk: Buffer): { read: ReadHead | undefined; rest: Buffer } {
    let start = 0;
    while (start < chunk.length) {
      const end = chunk.indexOf(LINE_FEED, start);
      this.#count((end < 0 ? chunk.length : end + 1) - start);
      if (end < 0) break;
      const line = Buffer.concat([this.#line, chunk.subarray(start, end)])
        .toString('latin1')
        .trimEnd();
      this.#line = Buffer.alloc(0);
      start = end + 1;
      if (this.#takeLine(line)) return { read: this.#finish(), rest: chunk.subarray(start) };
    }
    this.#line = Buffer.concat([this.#line, chunk.subarray(start)]);
    return { read: undefined, rest: chunk.subarray(chunk.length) };
  }

  /** True for the blank line that ends a head. */
  #takeLine(line: string): boolean {
    if (line === '') return this.#headers.length > 0 || this.#hasBoundary;
    if (this.#isBoundary(line)) {
      // What stood before it was no head, and after a closing boundary only another one opens a part.
      this.#headers = [];
      this.#hasBoundary = this.#boundary === undefined || line !== `${this.#boundary}--`;
      if (this.#hasBoundary) this.#boundary = line;
      return false;
    }
    const [, name, value = ''] = HEADER.exec(line) ?? [];
    if (name !== undefined) this.#headers.push([name.toLowerCase(), value]);
    return false;
  }

  #isBoundary(line: string): boolean {
    return line.startsWith('--') || (this.#promised !== undefined && line === this.#promised);
  }

  #finish(): ReadHead {
    const headers = Object.fromEntries(this.#headers);
    const promised = this.#promised === undefined ? undefined : `--${this.#promised}`;
    const line = this.#boundary ?? promised;
    this.#headers = [];
    this.#hasBoundary = false;
    this.#bytes = 0;
    return { headers, delimiter: line === undefined ? undefined : Buffer.from(`\n${line}`, 'latin1') };
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= LIMIT_BYTES) return;
    throw new GlimpserError(
      'source-broken',
      'The stream sends no picture headers. Check that the address is one of an MJPEG stream.',
    );
  }
}
