/** Reads multipart streams part by part, by Content-length; tolerant of servers that leave it out. */
import { GlimpserError } from './errors.ts';

const HEADER_LIMIT_BYTES = 8192;
const BLANK_LINE = Buffer.from('\r\n\r\n');
const BARE_BLANK_LINE = Buffer.from('\n\n');

/** One part. The body is a view of the received bytes where it arrived in one piece. */
export interface Part {
  /** Header names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

/** How a stream is read. */
export interface MultipartOptions {
  /** Largest body of a part. */
  maxPartBytes?: number;
}

/**
 * Parses chunks as they come.
 * @example for await (const part of readParts(response.body)) use(part.body);
 */
export async function* readParts(
  chunks: AsyncIterable<Buffer | Uint8Array>,
  { maxPartBytes = 20_000_000 }: MultipartOptions = {},
): AsyncGenerator<Part, void, void> {
  const parser = new PartParser(maxPartBytes);
  for await (const chunk of chunks) {
    parser.push(
      Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength),
    );
    for (let part = parser.next(); part; part = parser.next()) yield part;
  }
}

/** The machine behind readParts; separate so that it can be fed byte by byte. */
export class PartParser {
  readonly #maxPartBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #head: { headers: Record<string, string>; length: number | undefined; delimiter: Buffer } | undefined;
  /** Where the search for the end of a part without length goes on. */
  #scanned = 0;

  constructor(maxPartBytes: number) {
    this.#maxPartBytes = maxPartBytes;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** The next whole part, or undefined until more has come. Throws `source-broken` on limits. */
  next(): Part | undefined {
    this.#head ??= this.#readHead();
    const head = this.#head;
    if (!head) return undefined;
    const length = head.length ?? this.#findEnd(head.delimiter);
    if (length === undefined || this.#bytes < length) return undefined;
    this.#head = undefined;
    this.#scanned = 0;
    return { headers: head.headers, body: this.#take(length) };
  }

  #readHead() {
    const pending = this.#whole();
    const start = skipLineEnds(pending);
    const blank = findBlankLine(pending, start);
    if (!blank) {
      if (pending.length - start <= HEADER_LIMIT_BYTES) return undefined;
      throw new GlimpserError(
        'source-broken',
        'The stream sends no picture headers. Is it an MJPEG address?',
      );
    }
    const lines = pending.subarray(start, blank.at).toString('latin1').split(/\r?\n/);
    const headers = readHeaders(lines);
    this.#take(blank.at + blank.length);
    const length = this.#lengthOf(headers['content-length']);
    return { headers, length, delimiter: Buffer.from(`\n${delimiterOf(lines)}`, 'latin1') };
  }

  #lengthOf(written: string | undefined): number | undefined {
    if (written === undefined || !/^\d+$/.test(written)) return undefined;
    const length = Number(written);
    if (length <= this.#maxPartBytes) return length;
    throw new GlimpserError(
      'picture-too-large',
      `A picture of ${length} bytes exceeds the limit of ${this.#maxPartBytes}.`,
    );
  }

  #findEnd(delimiter: Buffer): number | undefined {
    const pending = this.#whole();
    const at = pending.indexOf(delimiter, Math.max(0, this.#scanned - delimiter.length));
    this.#scanned = pending.length;
    if (at >= 0) return pending[at - 1] === 0x0d ? at - 1 : at;
    if (pending.length <= this.#maxPartBytes) return undefined;
    throw new GlimpserError(
      'picture-too-large',
      `A picture exceeds the limit of ${this.#maxPartBytes} bytes.`,
    );
  }

  /** All pending bytes as one buffer; copies only when they came in several pieces. */
  #whole(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks, this.#bytes)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  #take(length: number): Buffer {
    const whole = this.#whole();
    const rest = whole.subarray(length);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#bytes = rest.length;
    return whole.subarray(0, length);
  }
}

function skipLineEnds(pending: Buffer): number {
  let start = 0;
  while (pending[start] === 0x0d || pending[start] === 0x0a) start++;
  return start;
}

function findBlankLine(pending: Buffer, start: number): { at: number; length: number } | undefined {
  const full = pending.indexOf(BLANK_LINE, start);
  const bare = pending.indexOf(BARE_BLANK_LINE, start);
  if (bare >= 0 && (full < 0 || bare < full)) return { at: bare, length: 2 };
  return full >= 0 ? { at: full, length: 4 } : undefined;
}

function readHeaders(lines: string[]): Record<string, string> {
  const pairs = lines.map(line => /^([\w-]+)\s*:\s*(.*)$/.exec(line)).filter(found => found !== null);
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name.toLowerCase(), value.trim()]));
}

/** The boundary line as this server really writes it, whatever its Content-Type promised. */
function delimiterOf(lines: string[]): string {
  return (
    lines.find(line => line.startsWith('--')) ??
    lines.find(line => line !== '' && !line.includes(':')) ??
    '--'
  );
}
