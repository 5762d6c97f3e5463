/** Answers who wants to play: the states of RTSP 1.0 (RFC 2326, appendix A) on one connection. */
import { Deadline } from '#base/deadline.ts';
import type { RtspConnection, RtspPeer } from './connection.ts';
import { type RtspAnswer, type RtspRequest, readTarget } from './message.ts';
import type { HeldStream, PlayHost } from './play-host.ts';
import { PlaySession, SESSION_TIMEOUT_S } from './play-session.ts';
import { writeSdp } from './sdp.ts';
import { pickTransport } from './transport.ts';

/** Silence without a session; shorter for who was never let in. */
const IDLE_MS = { known: 60_000, unknown: 20_000 };
const OPEN_MS = 20_000;

type Method = (
  request: RtspRequest,
  path: string,
  track: number | undefined,
) => RtspAnswer | Promise<RtspAnswer>;

/** One connection of a player. */
export class Player implements RtspPeer {
  readonly #host: PlayHost;
  readonly #connection: RtspConnection;
  readonly #gone = new AbortController();
  readonly #methods: Readonly<Record<string, Method>>;
  #held: { path: string; stream: HeldStream } | undefined;
  #session: PlaySession | undefined;
  #isKnown = false;
  #heardMs: number;

  constructor(connection: RtspConnection, host: PlayHost) {
    this.#connection = connection;
    this.#host = host;
    this.#heardMs = host.clock.monotonic();
    this.#methods = {
      DESCRIBE: (request, path) => this.#describe(request, path),
      SETUP: (request, path, track) => this.#setUp(request, path, track),
      PLAY: (request, path) => this.#inSession(request, session => this.#play(session, request, path)),
      PAUSE: request => this.#inSession(request, session => pause(session)),
      TEARDOWN: request => this.#inSession(request, session => this.#tearDown(session)),
      GET_PARAMETER: request => this.#stayAlive(request),
      SET_PARAMETER: request => this.#stayAlive(request),
    };
  }

  get isPlaying(): boolean {
    return this.#session?.isPlaying ?? false;
  }

  /** The stream that it plays or is about to. */
  get path(): string | undefined {
    return this.#session?.path ?? this.#held?.path;
  }

  async answer(request: RtspRequest): Promise<RtspAnswer> {
    // Without a login: recorders that are refused here do not come back.
    if (request.method === 'OPTIONS') return this.#options();
    const method = Object.hasOwn(this.#methods, request.method) ? this.#methods[request.method] : undefined;
    if (!method) return { status: 501, headers: [this.#public] };
    const target = readTarget(request.url);
    if (!target && request.url !== '*') return { status: 400 };
    const isOfStream = /^(DESCRIBE|SETUP|PLAY)$/.test(request.method);
    const refusal = await this.#host.admit(request, isOfStream ? (target?.path ?? '') : undefined);
    if (refusal) return refusal;
    this.#isKnown = true;
    return method(request, target?.path ?? '', target?.track);
  }

  packet(): void {
    // Reports of the receiver: that they come is enough.
  }

  heard(): void {
    this.#heardMs = this.#host.clock.monotonic();
    this.#session?.heard();
  }

  closed(): void {
    this.#gone.abort();
    this.#endSession();
    this.#letGo();
  }

  /** Ends it with a goodbye: it may play no longer. */
  end(): void {
    this.#letGo();
    this.#finish();
  }

  /** Called every few seconds. */
  tick(nowMs: number): void {
    this.#session?.tick(nowMs);
    if (this.#session) return;
    const idleMs = this.#isKnown ? IDLE_MS.known : IDLE_MS.unknown;
    if (nowMs - this.#heardMs >= idleMs) this.#connection.close();
  }

  get #public() {
    return ['Public', ['OPTIONS', ...Object.keys(this.#methods)].join(', ')] as const;
  }

  #options(): RtspAnswer {
    return { status: 200, headers: [this.#public] };
  }

  async #describe(request: RtspRequest, path: string): Promise<RtspAnswer> {
    const { tracks } = await this.#hold(path);
    const address = this.#connection.socket.localAddress ?? '127.0.0.1';
    return {
      status: 200,
      headers: [
        ['Content-Base', `${baseOf(request.url)}/`],
        ['Content-Type', 'application/sdp'],
      ],
      body: writeSdp(tracks, address.replace(/^::ffff:(?=\d+\.)/i, '')),
    };
  }

  async #setUp(request: RtspRequest, path: string, number: number | undefined): Promise<RtspAnswer> {
    const { headers } = request;
    const asked = sessionOf(request);
    if (asked !== undefined && asked !== this.#session?.id) return { status: 454 };
    if (this.#session && (this.#session.isPlaying || this.#session.path !== path)) return { status: 455 };
    const transport = pickTransport(headers['transport'] ?? '', this.#host.udp !== undefined);
    if (!transport) return { status: 461 };
    const { tracks } = this.#session ?? (await this.#hold(path));
    const index = number ?? (tracks.length === 1 ? 0 : undefined);
    if (index === undefined) return { status: 459 };
    const track = tracks[index];
    if (!track) return { status: 404 };
    this.#session ??= this.#newSession(path);
    const session = this.#session;
    if (!session) return { status: 453 };
    const text = await session.setUp(index, track, transport);
    return { status: 200, headers: [['Transport', text], sessionHeader(session)] };
  }

  #play(session: PlaySession, request: RtspRequest, path: string): RtspAnswer {
    if (path !== session.path) return { status: 455 };
    if (session.isPlaying) return { status: 200, headers: [sessionHeader(session)] };
    const info = session.join(baseOf(request.url));
    return {
      status: 200,
      headers: [sessionHeader(session), ['Range', 'npt=now-'], ['RTP-Info', info]],
      afterwards: () => session.begin(),
    };
  }

  #tearDown(session: PlaySession): RtspAnswer {
    this.#endSession();
    return { status: 200, headers: [['Session', session.id]] };
  }

  #stayAlive(request: RtspRequest): RtspAnswer {
    const asked = sessionOf(request);
    if (asked !== undefined && asked !== this.#session?.id) return { status: 454 };
    return { status: 200, headers: this.#session ? [sessionHeader(this.#session)] : [] };
  }

  #inSession(request: RtspRequest, call: (session: PlaySession) => RtspAnswer): RtspAnswer {
    const asked = sessionOf(request);
    if (asked === undefined && !this.#session) return { status: 455 };
    if (!this.#session || asked !== this.#session.id) return { status: 454 };
    return call(this.#session);
  }

  #newSession(path: string): PlaySession | undefined {
    const stream = this.#held?.stream;
    const seat = stream && this.#host.seat();
    if (!seat) return undefined;
    // From here on the session holds it.
    this.#held = undefined;
    const { socket, close } = this.#connection;
    return new PlaySession({
      host: this.#host,
      socket,
      path,
      stream,
      seat,
      close,
      finish: () => this.#finish(),
    });
  }

  /** The goodbye goes out before the connection ends. */
  #finish(): void {
    this.#endSession();
    this.#connection.finish();
  }

  #endSession(): void {
    const session = this.#session;
    this.#session = undefined;
    session?.[Symbol.dispose]();
  }

  /** The stream of a path, held until the connection ends or asks for another one. */
  async #hold(path: string): Promise<HeldStream> {
    if (this.#held?.path === path) return this.#held.stream;
    this.#letGo();
    using late = new Deadline(this.#host.clock, OPEN_MS);
    const stream = await this.#host.hold(path, late.or(this.#gone.signal));
    if (this.#gone.signal.aborted) stream[Symbol.dispose]();
    else this.#held = { path, stream };
    return stream;
  }

  #letGo(): void {
    this.#held?.stream[Symbol.dispose]();
    this.#held = undefined;
  }
}

function pause(session: PlaySession): RtspAnswer {
  if (!session.isPlaying) return { status: 455 };
  session.pause();
  return { status: 200, headers: [sessionHeader(session)] };
}

function sessionHeader({ id }: PlaySession): readonly [string, string] {
  return ['Session', `${id};timeout=${SESSION_TIMEOUT_S}`];
}

/** The session that a request names. */
function sessionOf({ headers }: RtspRequest): string | undefined {
  return headers['session']?.split(';')[0]?.trim();
}

/** The address of a stream without track, query and slash. */
function baseOf(url: string): string {
  return url
    .replace(/\/trackID=\d+\/?$/i, '')
    .replace(/\?.*$/, '')
    .replace(/\/+$/, '');
}
