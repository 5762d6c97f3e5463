/** Reads one RTSP connection: messages, and frames of packets between them, cut at any byte. */
import { GlimpserError } from '#base/errors.ts';
import type { RtspMessage } from './message.ts';

const MAX_HEAD_BYTES = 16_384;
const MAX_BODY_BYTES = 65_536;
const MAX_HEADERS = 64;
const DOLLAR = 0x24;
const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** Who is told what was read. */
export interface RtspHearer {
  message(message: RtspMessage): void;
  /** A view into what the network brought. */
  packet(channel: number, packet: Buffer): void;
}

/** Takes a connection apart. */
export class RtspReader {
  readonly #hearer: RtspHearer;
  #rest: Buffer = Buffer.alloc(0);
  /** A message whose body is still to come. */
  #head: { startLine: string; headers: Record<string, string>; bodyBytes: number } | undefined;

  constructor(hearer: RtspHearer) {
    this.#hearer = hearer;
  }

  /** Takes the next bytes. Throws `body-unreadable` and `body-too-large`; nothing can be read after that. */
  feed(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length > 0 && this.#step());
  }

  /** Takes one thing off the front; false when it is not whole yet. */
  #step(): boolean {
    if (this.#head) return this.#body(this.#head);
    const first = this.#rest[0];
    if (first === DOLLAR) return this.#frame();
    if (first !== 0x0d && first !== 0x0a) return this.#readHead();
    // Some send an empty line after a body.
    this.#rest = this.#rest.subarray(1);
    return true;
  }

  #frame(): boolean {
    const rest = this.#rest;
    if (rest.length < 4) return false;
    const end = 4 + rest.readUInt16BE(2);
    if (rest.length < end) return false;
    this.#rest = rest.subarray(end);
    this.#hearer.packet(rest[1] ?? 0, rest.subarray(4, end));
    return true;
  }

  #readHead(): boolean {
    const end = this.#rest.indexOf(END_OF_HEAD);
    if (end > MAX_HEAD_BYTES || (end < 0 && this.#rest.length > MAX_HEAD_BYTES)) {
      throw tooLarge('head', MAX_HEAD_BYTES);
    }
    if (end < 0) return false;
    const [startLine = '', ...lines] = this.#rest.subarray(0, end).toString('utf8').split('\r\n');
    const headers = readHeaders(lines);
    this.#rest = this.#rest.subarray(end + END_OF_HEAD.length);
    this.#head = { startLine, headers, bodyBytes: readLength(headers['content-length']) };
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

function readHeaders(lines: readonly string[]): Record<string, string> {
  if (lines.length > MAX_HEADERS) throw tooLarge('head', MAX_HEAD_BYTES);
  const headers: Record<string, string> = Object.create(null);
  for (const line of lines) {
    const [, name, value = ''] = /^([\w-]{1,64})[ \t]*:[ \t]*(.*?)[ \t]*$/s.exec(line) ?? [];
    if (name === undefined)
      throw new GlimpserError('body-unreadable', 'A line of the RTSP head is no header.');
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  return headers;
}

function readLength(text = '0'): number {
  if (!/^\d{1,9}$/.test(text)) throw new GlimpserError('body-unreadable', 'Content-Length is no number.');
  if (Number(text) > MAX_BODY_BYTES) throw tooLarge('body', MAX_BODY_BYTES);
  return Number(text);
}

function tooLarge(part: string, bytes: number): GlimpserError {
  return new GlimpserError('body-too-large', `The ${part} of an RTSP message is larger than ${bytes} bytes.`);
}
