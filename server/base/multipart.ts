/** Reads multipart streams part by part, by Content-length; tolerant of servers that leave it out or misname the boundary. */
import { GlimpserError } from './errors.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import { PartHead } from './part-head.ts';

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
  /** As the Content-Type promises it; what the stream really sends counts more. */
  boundary?: string | undefined;
}

const MAX_PART_BYTES = 20_000_000;
const CARRIAGE_RETURN = 0x0d;

/**
 * Parses chunks as they come. Throws `source-broken` for what is no multipart stream, `picture-too-large` above the limit.
 * @example for await (const part of readParts(response.body)) use(part.body);
 */
export async function* readParts(
  chunks: AsyncIterable<Buffer | Uint8Array>,
  options: MultipartOptions = {},
): AsyncGenerator<Part, void, void> {
  const parser = new PartParser(options);
  for await (const chunk of chunks) {
    const bytes = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    yield* parser.push(bytes);
  }
  const last = parser.end();
  if (last) yield last;
}

/** A body that is being read: of known length, or up to the next boundary. */
type OpenBody = { headers: Record<string, string>; bytes: GrowingBuffer } & (
  | { length: number }
  | { delimiter: Buffer | undefined }
);

/** The machine behind readParts; separate so that it can be fed byte by byte. */
export class PartParser {
  readonly #maxPartBytes: number;
  readonly #head: PartHead;
  #open: OpenBody | undefined;

  constructor({ maxPartBytes = MAX_PART_BYTES, boundary }: MultipartOptions = {}) {
    this.#maxPartBytes = maxPartBytes;
    this.#head = new PartHead(boundary);
  }

  /** Takes the next bytes; gives the parts that they complete. */
  push(chunk: Buffer): Part[] {
    const parts: Part[] = [];
    let rest = chunk;
    while (rest.length > 0 || isComplete(this.#open)) {
      rest = this.#open ? this.#readBody(this.#open, rest, parts) : this.#readHead(rest);
    }
    return parts;
  }

  /** The last part, when the stream ended instead of naming its end. */
  end(): Part | undefined {
    const open = this.#open;
    this.#open = undefined;
    if (!open || 'length' in open || open.bytes.length === 0) return undefined;
    return { headers: open.headers, body: open.bytes.take() };
  }

  #readHead(chunk: Buffer): Buffer {
    const { read, rest } = this.#head.read(chunk);
    if (!read) return rest;
    const { headers, delimiter } = read;
    const written = headers['content-length'];
    const length = written !== undefined && /^\d+$/.test(written) ? Number(written) : undefined;
    this.#refuseAbove(length ?? 0);
    this.#open =
      length === undefined
        ? { headers, delimiter, bytes: new GrowingBuffer() }
        : { headers, length, bytes: new GrowingBuffer(length) };
    return rest;
  }

  #readBody(open: OpenBody, chunk: Buffer, parts: Part[]): Buffer {
    const end = 'length' in open ? lengthEnd(open, chunk) : delimiterEnd(open, chunk);
    if (end === undefined) {
      open.bytes.append(chunk);
      this.#refuseAbove(open.bytes.length);
      return chunk.subarray(chunk.length);
    }
    const { body, rest } = split(open.bytes, chunk, end);
    this.#refuseAbove(body.length);
    parts.push({ headers: open.headers, body: 'length' in open ? body : withoutReturn(body) });
    this.#open = undefined;
    return rest;
  }

  #refuseAbove(length: number): void {
    if (length <= this.#maxPartBytes) return;
    throw new GlimpserError(
      'picture-too-large',
      `A picture of ${Math.ceil(length / 1000)} kB exceeds the limit of ${Math.floor(this.#maxPartBytes / 1000)} kB.`,
    );
  }
}

function isComplete(open: OpenBody | undefined): boolean {
  return open !== undefined && 'length' in open && open.bytes.length === open.length;
}

/** Where in the chunk the body ends, undefined when it goes on behind it. */
function lengthEnd({ length, bytes }: { length: number; bytes: GrowingBuffer }, chunk: Buffer) {
  const missing = length - bytes.length;
  return missing <= chunk.length ? missing : undefined;
}

/** As lengthEnd; negative when the boundary began in an earlier chunk. */
function delimiterEnd(
  { delimiter, bytes }: { delimiter: Buffer | undefined; bytes: GrowingBuffer },
  chunk: Buffer,
): number | undefined {
  if (!delimiter) return undefined;
  const seam = bytes.tail(delimiter.length - 1);
  const across = Buffer.concat([seam, chunk.subarray(0, delimiter.length - 1)]).indexOf(delimiter);
  if (across >= 0) return across - seam.length;
  const at = chunk.indexOf(delimiter);
  return at < 0 ? undefined : at;
}

/** The whole body, and what follows it. A negative end gives the start of a boundary back. */
function split(bytes: GrowingBuffer, chunk: Buffer, end: number): { body: Buffer; rest: Buffer } {
  if (end < 0) {
    const before = bytes.take();
    return { body: before.subarray(0, end), rest: Buffer.concat([before.subarray(end), chunk]) };
  }
  const rest = chunk.subarray(end);
  if (bytes.length === 0) return { body: chunk.subarray(0, end), rest };
  bytes.append(chunk.subarray(0, end));
  return { body: bytes.take(), rest };
}

function withoutReturn(body: Buffer): Buffer {
  return body.at(-1) === CARRIAGE_RETURN ? body.subarray(0, -1) : body;
}
