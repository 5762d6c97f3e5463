/** Reads one RTSP connection: messages, and frames of packets between them, cut at any byte. */
import { GlimpserError } from '#base/errors.ts';
import type { RtspMessage } from './message.ts';

const MAX_HEAD_BYTES = 16_384;
const MAX_BODY_BYTES = 65_536;
const MAX_HEADERS = 64;
const DOLLAR = 0x24;
const FRAME_HEAD_BYTES = 4;
/** So much may lie between messages in a row before it is no RTSP at all. */
const MAX_STRAY_BYTES = 65_536;
const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** Who is told what was read. */
export interface RtspHearer {
  message(message: RtspMessage): void;
  /** Views into what the network brought: the packet, and the packet with the four bytes in front of it. */
  packet(channel: number, packet: Buffer, frame: Buffer): void;
}

/** How a connection is read. */
export interface RtspReaderOptions {
  /** Unset: 65,536. */
  maxBodyBytes?: number;
  /** Strange lines in a head and stray bytes between packets, as devices send them, are left out; else they are an error. */
  isLenient?: boolean;
}

/** Takes a connection apart. */
export class RtspReader {
  readonly #hearer: RtspHearer;
  readonly #maxBodyBytes: number;
  readonly #isLenient: boolean;
  #rest: Buffer = Buffer.alloc(0);
  #strayBytes = 0;
  /** A message whose body is still to come. */
  #head: { startLine: string; headers: Record<string, string>; bodyBytes: number } | undefined;

  constructor(
    hearer: RtspHearer,
    { maxBodyBytes = MAX_BODY_BYTES, isLenient = false }: RtspReaderOptions = {},
  ) {
    this.#hearer = hearer;
    this.#maxBodyBytes = maxBodyBytes;
    this.#isLenient = isLenient;
  }

  /** Takes the next bytes. Throws `body-unreadable` and `body-too-large`; nothing can be read after that. */
  feed(chunk: Buffer): void {
    const missing = Math.min(this.#missing(), chunk.length);
    // Only the frame that was cut is put together; all that follows is read where it lies.
    if (missing > 0) this.#take(chunk.subarray(0, missing));
    this.#take(chunk.subarray(missing));
  }

  #take(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length > 0 && this.#step());
  }

  /** How many bytes the frame lacks that has begun; 0 when none has, or its length is not known yet. */
  #missing(): number {
    const rest = this.#rest;
    if (this.#head || rest[0] !== DOLLAR) return 0;
    if (rest.length < FRAME_HEAD_BYTES) return FRAME_HEAD_BYTES - rest.length;
    return FRAME_HEAD_BYTES + rest.readUInt16BE(2) - rest.length;
  }

  /** Takes one thing off the front; false when it is not whole yet. */
  #step(): boolean {
    if (this.#head) return this.#body(this.#head);
    const first = this.#rest[0];
    if (first === DOLLAR) return this.#frame();
    if (this.#isLenient && !isPrintable(first)) return this.#skip();
    if (first !== 0x0d && first !== 0x0a) return this.#readHead();
    // Some send an empty line after a body.
    this.#rest = this.#rest.subarray(1);
    return true;
  }

  /** Goes on at the next frame or message after a packet whose length was wrong. */
  #skip(): boolean {
    const found = this.#rest.findIndex(byte => byte === DOLLAR || byte === 0x52);
    const count = found < 0 ? this.#rest.length : found;
    this.#strayBytes += count;
    this.#rest = this.#rest.subarray(count);
    if (this.#strayBytes <= MAX_STRAY_BYTES) return true;
    throw new GlimpserError('body-unreadable', 'What comes is no RTSP.');
  }

  #frame(): boolean {
    const rest = this.#rest;
    if (rest.length < FRAME_HEAD_BYTES) return false;
    const end = FRAME_HEAD_BYTES + rest.readUInt16BE(2);
    if (rest.length < end) return false;
    this.#rest = rest.subarray(end);
    this.#strayBytes = 0;
    this.#hearer.packet(rest[1] ?? 0, rest.subarray(FRAME_HEAD_BYTES, end), rest.subarray(0, end));
    return true;
  }

  #readHead(): boolean {
    const end = this.#rest.indexOf(END_OF_HEAD);
    if (end > MAX_HEAD_BYTES || (end < 0 && this.#rest.length > MAX_HEAD_BYTES)) {
      throw tooLarge('head', MAX_HEAD_BYTES);
    }
    if (end < 0) return false;
    const [startLine = '', ...lines] = this.#rest.subarray(0, end).toString('utf8').split('\r\n');
    const headers = readHeaders(lines, this.#isLenient);
    this.#rest = this.#rest.subarray(end + END_OF_HEAD.length);
    this.#head = { startLine, headers, bodyBytes: readLength(headers['content-length'], this.#maxBodyBytes) };
    return this.#body(this.#head);
  }

  #body({
    startLine,
    headers,
    bodyBytes,
  }: {
    startLine: string;
    headers: Record<string, string>;
    bodyBytes: number;
  }) {
    if (this.#rest.length < bodyBytes) return false;
    const body = this.#rest.subarray(0, bodyBytes);
    this.#rest = this.#rest.subarray(bodyBytes);
    this.#head = undefined;
    this.#hearer.message({ startLine, headers, body });
    return true;
  }
}

function isPrintable(byte = 0): boolean {
  return byte > 0x20 && byte < 0x7f;
}

function readHeaders(lines: readonly string[], isLenient: boolean): Record<string, string> {
  if (lines.length > MAX_HEADERS) throw tooLarge('head', MAX_HEAD_BYTES);
  const headers: Record<string, string> = Object.create(null);
  for (const line of lines) {
    const [, name, value = ''] = /^([\w-]{1,64})[ \t]*:[ \t]*(.*?)[ \t]*$/s.exec(line) ?? [];
    if (name === undefined && isLenient) continue;
    if (name === undefined)
      throw new GlimpserError('body-unreadable', 'A line of the RTSP head is no header.');
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  return headers;
}

function readLength(text = '0', maxBytes: number): number {
  if (!/^\d{1,9}$/.test(text)) throw new GlimpserError('body-unreadable', 'Content-Length is no number.');
  if (Number(text) > maxBytes) throw tooLarge('body', maxBytes);
  return Number(text);
}

function tooLarge(part: string, bytes: number): GlimpserError {
  return new GlimpserError('body-too-large', `The ${part} of an RTSP message is larger than ${bytes} bytes.`);
}
