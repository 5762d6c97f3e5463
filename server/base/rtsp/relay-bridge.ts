/** Brings a program and a camera together: requests go over with the camera's address, answers come back with ours. */
import type { Socket } from 'node:net';
import { asGlimpserError, GlimpserError } from '#base/errors.ts';
import { asRequest, type RtspAnswer, type RtspMessage, type RtspRequest, writeAnswer } from './message.ts';
import { RtspReader } from './reader.ts';
import type { RelayAddresses } from './relay-addresses.ts';
import { type Approached, isRedirect } from './relay-approach.ts';
import { statusFailure } from './relay-failure.ts';
import type { LineHearer, RelayAnswer } from './relay-line.ts';
import { RepeatedSets } from './relay-repeats.ts';
import { RelaySetup, type RtspTransport } from './relay-setup.ts';

/** What the program is told of an answer. A redirect or a challenge is never for it. */
const TOLD = ['public', 'session', 'transport', 'range', 'content-type'];
/** What keeps a session alive or ends it: what is said to that changes nothing. */
const IDLE = new Set(['OPTIONS', 'GET_PARAMETER', 'SET_PARAMETER', 'PAUSE', 'TEARDOWN']);

/** What a bridge is made of. */
export interface BridgeParts {
  camera: Approached;
  addresses: RelayAddresses;
  transport: RtspTransport;
  hasLogin: boolean;
  /** Starts the sentences. */
  name: string;
  /** Called when the program has come; nobody else is expected then. */
  joined(): void;
}

/** One session of one program. */
export class RelayBridge implements LineHearer, Disposable {
  failure: GlimpserError | undefined;
  readonly #parts: BridgeParts;
  readonly #setup: RelaySetup;
  readonly #repeats: RepeatedSets;
  #client: Socket | undefined;
  #isOver = false;
  #isPaused = false;
  /** Answers that are known before they are asked for. */
  readonly #known: Map<string, RelayAnswer>;
  /** What is to be torn down. */
  #session: { url: string; id: string } | undefined;

  constructor(parts: BridgeParts) {
    const { camera, transport } = parts;
    this.#parts = parts;
    this.#setup = new RelaySetup({ line: camera.line, transport, hearer: this });
    const { description } = camera;
    this.#repeats = new RepeatedSets(description.body.toString('latin1'));
    const options = { ...description, headers: { public: camera.methods }, body: Buffer.alloc(0) };
    this.#known = new Map<string, RelayAnswer>([
      ['OPTIONS', options],
      ['DESCRIBE', description],
    ]);
    camera.line.hear(this);
  }

  /** Somebody has connected; it is the program when it knows the address. */
  enter(socket: Socket): void {
    const reader = new RtspReader({
      message: message => this.#message(socket, message),
      packet: (channel, packet, frame) => {
        if (socket === this.#client) this.#setup.send(channel, packet, frame);
      },
    });
    const close = () => void socket.destroy();
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      try {
        reader.feed(chunk);
      } catch (thrown) {
        if (socket === this.#client) this.failed(asGlimpserError(thrown));
        close();
      }
    });
    socket.on('error', close).once('close', () => socket === this.#client && this[Symbol.dispose]());
  }

  takes(packet: Buffer): boolean {
    return !this.#repeats.isRepeat(packet);
  }

  frames(frames: readonly Buffer[]): void {
    const client = this.#client;
    if (!client?.writable) return;
    client.cork();
    for (const frame of frames) client.write(frame);
    client.uncork();
    if (!client.writableNeedDrain || this.#isPaused) return;
    this.#isPaused = true;
    this.#parts.camera.line.pause();
    client.once('drain', () => {
      this.#isPaused = false;
      this.#parts.camera.line.resume();
    });
  }

  failed(failure: GlimpserError): void {
    if (this.#isOver) return;
    this.failure = failure;
    this[Symbol.dispose]();
  }

  /** Ends both sides; a session that still stands is torn down. */
  [Symbol.dispose](): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { line } = this.#parts.camera;
    this.#tearDown();
    line[Symbol.dispose]();
    this.#setup[Symbol.dispose]();
    this.#client?.destroySoon();
  }

  #message(socket: Socket, message: RtspMessage): void {
    const request = asRequest(message);
    if (request === undefined) return;
    const url = typeof request === 'number' ? undefined : this.#parts.addresses.toCamera(request.url);
    if (typeof request === 'number' || url === undefined || (this.#client && this.#client !== socket)) {
      socket.end(writeAnswer(message.headers['cseq']?.slice(0, 32), { status: 404 }));
      return;
    }
    if (!this.#client) this.#parts.joined();
    this.#client = socket;
    this.#forward(request, url);
  }

  #forward(request: RtspRequest, url: string): void {
    const { method } = request;
    const known = this.#known.get(method);
    this.#known.delete(method);
    if (method === 'TEARDOWN') this.#session = undefined;
    const ask = {
      ...{ method, url, headers: request.headers, isIdle: IDLE.has(method) },
      answered: (answer: RelayAnswer) => this.#answer(request, url, answer),
    };
    if (known) this.#answer(request, url, known);
    else if (method === 'SETUP')
      void this.#setup.ask(ask).catch(thrown => this.failed(asGlimpserError(thrown)));
    else this.#parts.camera.line.ask(ask);
  }

  #answer(request: RtspRequest, url: string, answer: RelayAnswer): void {
    const { method, headers } = request;
    const isTaken = answer.status < 300;
    if (!isTaken && !IDLE.has(method)) this.failed(this.#refusal(answer));
    if (this.#isOver) return;
    const id = answer.headers['session']?.split(';')[0];
    if (isTaken && id !== undefined && method !== 'TEARDOWN') this.#session = { url, id };
    const told = isTaken ? this.#told(method, answer) : { status: 200 as const };
    this.#client?.write(writeAnswer(headers['cseq'], told));
  }

  #refusal(answer: RelayAnswer): GlimpserError {
    const { name, hasLogin } = this.#parts;
    if (!isRedirect(answer)) return statusFailure(name, answer.status, hasLogin);
    const sentence = `${name} redirects in the middle of its set-up. Enter the address of the camera itself.`;
    return new GlimpserError('source-broken', sentence);
  }

  #told(method: string, { headers, body }: RelayAnswer): RtspAnswer {
    const { addresses } = this.#parts;
    const told = TOLD.flatMap(name => {
      const value = headers[name];
      return value === undefined ? [] : [[name, clean(value)] as const];
    });
    const info = headers['rtp-info'];
    if (info !== undefined) told.push(['rtp-info', clean(addresses.rtpInfo(info))]);
    if (method !== 'DESCRIBE') return { status: 200, headers: told };
    told.push(['content-base', clean(addresses.base(headers['content-base']))]);
    return { status: 200, headers: told, body: addresses.sdp(body.toString('utf8')) };
  }

  #tearDown(): void {
    const session = this.#session;
    if (!session || this.failure) return;
    const headers = { session: session.id };
    const ask = { method: 'TEARDOWN', url: session.url, headers, isIdle: true, answered: () => undefined };
    this.#parts.camera.line.ask(ask);
  }
}

/** A line break in a header would begin another one. */
function clean(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '');
}
