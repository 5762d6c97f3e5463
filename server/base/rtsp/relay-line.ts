/** The connection of a relay to a camera: requests are numbered and signed, answers matched, packets passed on. */
import type { Socket } from 'node:net';
import type { Clock } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import type { RtspMessage } from './message.ts';
import { RtspReader } from './reader.ts';
import { hungUp, unanswered, unreadable } from './relay-failure.ts';
import type { RelayLogin, Signed } from './relay-login.ts';

/** Longest wait for a whole answer. */
const ANSWER_MS = 10_000;
const MAX_BODY_BYTES = 262_144;
/** Reports for a camera that does not read are left out. */
const MAX_UNSENT_BYTES = 1_000_000;
/** Some cameras never answer what keeps a session alive. */
const MAX_UNANSWERED = 32;
/** How long the last words may take to be sent. */
const GOODBYE_MS = 1000;
const OURS = new Set(['cseq', 'authorization', 'user-agent', 'content-length']);

/** An answer of a camera. */
export interface RelayAnswer extends RtspMessage {
  status: number;
}

/** A request. */
export interface RelayAsk {
  method: string;
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** True for what keeps a session alive: no answer is no failure, and a refusal is one answer among others. */
  isIdle?: boolean;
  /** Called while the answer is read, so that whatever is written then goes out before the packets that follow it. */
  answered(answer: RelayAnswer): void;
}

/** Who is told what comes besides answers. */
export interface LineHearer {
  /** Asked of each packet, in order; false leaves it out. */
  takes(packet: Buffer): boolean;
  /** Whole frames, in order. */
  frames(frames: readonly Buffer[]): void;
  failed(failure: GlimpserError): void;
}

interface Pending {
  ask: RelayAsk;
  signed: Signed;
  tries: number;
  late: Disposable | undefined;
}

/** What a line is made of. */
export interface LineParts {
  socket: Socket;
  clock: Clock;
  login: RelayLogin;
  /** Starts the sentences. */
  name: string;
}

/** One connection. After it has failed, or was ended, nothing is told any more. */
export class RelayLine implements Disposable {
  readonly #parts: LineParts;
  readonly #reader: RtspReader;
  readonly #pending = new Map<number, Pending>();
  #hearer: LineHearer;
  #frames: Buffer[] = [];
  #count = 0;
  #isOver = false;
  #failure: GlimpserError | undefined;

  constructor(parts: LineParts, hearer: LineHearer) {
    this.#parts = parts;
    this.#hearer = hearer;
    this.#reader = new RtspReader(
      {
        message: message => this.#message(message),
        packet: (_channel, packet, frame) => {
          if (this.#hearer.takes(packet)) this.#frames.push(frame);
        },
      },
      { maxBodyBytes: MAX_BODY_BYTES, isLenient: true },
    );
    const { socket, name } = parts;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#feed(chunk));
    socket.on('error', cause => this.fail(hungUp(name, cause)));
    socket.once('end', () => this.fail(hungUp(name))).once('close', () => this.fail(hungUp(name)));
  }

  /** The addresses of both sides. */
  get ends(): { near: string; far: string } {
    const { localAddress = '', remoteAddress = '' } = this.#parts.socket;
    return { near: localAddress, far: remoteAddress };
  }

  /** From now on another one is told, also of a failure that has been. */
  hear(hearer: LineHearer): void {
    this.#hearer = hearer;
    if (this.#failure) hearer.failed(this.#failure);
  }

  ask(ask: RelayAsk): void {
    this.#send({ ask, signed: undefined, tries: 0, late: undefined });
  }

  /** Sends a frame that comes whole. */
  frame(frame: Buffer): void {
    const { socket } = this.#parts;
    if (socket.writableLength < MAX_UNSENT_BYTES) socket.write(frame);
  }

  /** The camera waits while nobody takes what it sends. */
  pause(): void {
    this.#parts.socket.pause();
  }

  resume(): void {
    this.#parts.socket.resume();
  }

  fail(failure: GlimpserError): void {
    if (this.#isOver) return;
    this[Symbol.dispose]();
    this.#failure = failure;
    this.#hearer.failed(failure);
  }

  /** Ends it when everything is sent. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    for (const { late } of this.#pending.values()) late?.[Symbol.dispose]();
    this.#pending.clear();
    const { socket, clock } = this.#parts;
    socket.resume().destroySoon();
    clock.after(GOODBYE_MS, () => socket.destroy());
  }

  #send(pending: Pending): void {
    const { ask } = pending;
    const { socket, login, clock, name } = this.#parts;
    if (this.#isOver) return;
    const { signed, header } = login.sign(ask.method, ask.url);
    const number = ++this.#count;
    const late = ask.isIdle ? undefined : clock.after(ANSWER_MS, () => this.fail(unanswered(name)));
    this.#pending.set(number, { ask, signed, tries: pending.tries + 1, late });
    const [oldest] = this.#pending.keys();
    if (this.#pending.size > MAX_UNANSWERED && oldest !== undefined) this.#take(oldest);
    // A name in a login may hold bytes that are no text.
    socket.write(writeRequest(ask, number, header), 'latin1');
  }

  #feed(chunk: Buffer): void {
    if (this.#isOver) return;
    try {
      this.#reader.feed(chunk);
      this.#flush();
    } catch (thrown) {
      const isOurs = thrown instanceof GlimpserError && thrown.code.startsWith('source-');
      this.fail(isOurs ? thrown : unreadable(this.#parts.name, thrown));
    }
  }

  /** Everything that came before an answer goes out before it. */
  #flush(): void {
    const frames = this.#frames;
    if (frames.length === 0 || this.#isOver) return;
    this.#frames = [];
    this.#hearer.frames(frames);
  }

  #message(message: RtspMessage): void {
    if (this.#isOver) return;
    this.#flush();
    const [, status] = /^RTSP\/\d\.\d +(\d{3})\b/i.exec(message.startLine) ?? [];
    if (status === undefined) this.#asked(message);
    else this.#answer({ ...message, status: Number(status) });
  }

  #answer(answer: RelayAnswer): void {
    if (answer.status < 200) return;
    const [oldest] = this.#pending.keys();
    const number = Number(answer.headers['cseq'] ?? Number.NaN);
    // Some cameras number their answers wrongly; they come in order all the same.
    const found = this.#pending.has(number) ? number : oldest;
    const pending = found === undefined ? undefined : this.#take(found);
    // One to what nobody waits for any more.
    if (!pending) return;
    const { login } = this.#parts;
    if (answer.status < 300 && pending.signed) login.accepted();
    const refused =
      answer.status === 401
        ? login.challenged(answer.headers['www-authenticate'], pending.signed, pending.tries)
        : undefined;
    if (answer.status === 401 && !refused) this.#send(pending);
    else if (!refused || pending.ask.isIdle) pending.ask.answered(answer);
    else this.fail(refused);
  }

  #take(number: number): Pending | undefined {
    const pending = this.#pending.get(number);
    this.#pending.delete(number);
    pending?.late?.[Symbol.dispose]();
    return pending;
  }

  /** Cameras may ask, too. Whoever wants us to go elsewhere in the middle is asked anew. */
  #asked({ startLine, headers }: RtspMessage): void {
    const [, method] = /^([A-Z_]{1,32}) \S+ RTSP\//.exec(startLine) ?? [];
    if (method === undefined) throw new GlimpserError('body-unreadable', 'What comes is no RTSP.');
    if (method === 'REDIRECT') this.fail(hungUp(this.#parts.name));
    if (this.#isOver) return;
    const cseq = /^\d{1,10}$/.exec(headers['cseq'] ?? '')?.[0] ?? '0';
    const status = /^(OPTIONS|[GS]ET_PARAMETER)$/.test(method) ? '200 OK' : '501 Not Implemented';
    this.#parts.socket.write(`RTSP/1.0 ${status}\r\nCSeq: ${cseq}\r\n\r\n`);
  }
}

function writeRequest(
  { method, url, headers }: RelayAsk,
  number: number,
  authorization: string | undefined,
): string {
  const lines = [
    `${method} ${url} RTSP/1.0`,
    `CSeq: ${number}`,
    'User-Agent: Glimpser',
    ...Object.entries(headers).flatMap(([name, value]) =>
      OURS.has(name) ? [] : [`${written(name)}: ${value}`],
    ),
    ...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Names of headers mean the same however they are written, but not to every camera. */
function written(name: string): string {
  return name.replace(/\b[a-z]/g, letter => letter.toUpperCase());
}
