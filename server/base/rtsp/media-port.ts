/** A port on loopback where programs that we start push streams, and read them back, by addresses that work once. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import type { MediaStream } from '#base/rtp/media.ts';
import { randomToken } from '#base/secret.ts';
import { type RtspConnection, type RtspPeer, serveRtsp } from './connection.ts';
import { listenTcp } from './listen.ts';
import { type RtspAnswer, type RtspRequest, readTarget } from './message.ts';
import { Player } from './player.ts';
import { Publisher } from './publisher.ts';

const HOST = '127.0.0.1';
const TICK_MS = 5000;
const READER_MS = 30_000;
const MAX_CONNECTIONS = 256;

/** A place to push one stream to. */
export interface Publication extends Disposable {
  /** For `ffmpeg … -f rtsp -rtsp_transport tcp -pkt_size 1316 <url>`; works once. */
  url: string;
  /** The stream; rejects with `source-ended` when the push ends, or the publication is disposed, before it began. */
  stream: Promise<MediaStream>;
}

/** The open port. */
export interface MediaPort extends AsyncDisposable {
  readonly port: number;
  publish(): Publication;
  /** An address that plays the stream from its newest key unit, over TCP; works once, within 30 s. */
  reader(stream: MediaStream): string;
}

/** Opens the port. */
export async function openMediaPort(clock: Clock): Promise<MediaPort> {
  const hall = new Hall(clock);
  const server = createServer(socket => hall.enter(socket));
  server.maxConnections = MAX_CONNECTIONS;
  hall.port = await listenTcp(server, HOST, 0, 'The port of streams inside the hub');
  hall.tick();
  return Object.assign(hall, { [Symbol.asyncDispose]: () => hall.close(server) });
}

interface Expected {
  publish?: (connection: RtspConnection) => RtspPeer;
  play?: (connection: RtspConnection) => Player;
}

class Hall {
  port = 0;
  readonly #clock: Clock;
  readonly #expected = new Map<string, Expected>();
  readonly #sockets = new Set<Socket>();
  readonly #players = new Set<Player>();
  #next: Disposable | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  publish(): Publication {
    const token = randomToken();
    const { promise, resolve, reject } = Promise.withResolvers<MediaStream>();
    const pushing = new Set<RtspConnection>();
    // Who gives up before may not listen any more.
    promise.catch(() => undefined);
    const over = () => reject(new GlimpserError('source-ended', 'The stream ended before it began.'));
    this.#expected.set(token, {
      publish: connection => {
        pushing.add(connection);
        return new Publisher({ clock: this.#clock, ready: resolve, over });
      },
    });
    return {
      url: this.#url(token),
      stream: promise,
      [Symbol.dispose]: () => {
        this.#expected.delete(token);
        for (const connection of pushing) connection.close();
        over();
      },
    };
  }

  reader(stream: MediaStream): string {
    const token = randomToken();
    this.#clock.after(READER_MS, () => this.#expected.delete(token));
    this.#expected.set(token, { play: connection => this.#player(connection, stream) });
    return this.#url(token);
  }

  enter(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    serveRtsp(socket, connection => new Guest(connection, request => this.#take(request)));
  }

  tick(): void {
    const nowMs = this.#clock.monotonic();
    for (const player of this.#players) player.tick(nowMs);
    this.#next = this.#clock.after(TICK_MS, () => this.tick());
  }

  async close(server: Server): Promise<void> {
    this.#next?.[Symbol.dispose]();
    this.#expected.clear();
    const { promise, resolve } = Promise.withResolvers<void>();
    server.close(() => resolve());
    for (const socket of this.#sockets) socket.destroy();
    await promise;
  }

  #url(token: string): string {
    return `rtsp://${HOST}:${this.port}/${token}`;
  }

  /** What a first request makes of its connection; its address is used up. */
  #take({ method, url }: RtspRequest): ReturnType<Take> {
    const token = readTarget(url)?.path ?? '';
    const expected = this.#expected.get(token);
    const role = { ANNOUNCE: expected?.publish, DESCRIBE: expected?.play }[method];
    if (role) this.#expected.delete(token);
    return role;
  }

  #player(connection: RtspConnection, stream: MediaStream): Player {
    const player: Player = new Player(connection, {
      clock: this.#clock,
      figures: { packets: 0, droppedGroups: 0 },
      patienceMs: 0,
      admit: async () => undefined,
      hold: async () => ({
        tracks: stream.tracks,
        take: taker => stream.take(taker),
        [Symbol.dispose]: () => undefined,
      }),
      udp: undefined,
      seat: () => ({ [Symbol.dispose]: () => undefined }),
    });
    this.#players.add(player);
    connection.socket.once('close', () => this.#players.delete(player));
    return player;
  }
}

/** What a request makes of its connection, if anything. */
type Take = (request: RtspRequest) => ((connection: RtspConnection) => RtspPeer) | undefined;

/** A connection of which nobody knows yet what it is for. */
class Guest implements RtspPeer {
  readonly #connection: RtspConnection;
  readonly #take: Take;
  #role: RtspPeer | undefined;

  constructor(connection: RtspConnection, take: Take) {
    this.#connection = connection;
    this.#take = take;
  }

  async answer(request: RtspRequest): Promise<RtspAnswer> {
    this.#role ??= this.#take(request)?.(this.#connection);
    if (this.#role) return this.#role.answer(request);
    if (request.method === 'OPTIONS')
      return { status: 200, headers: [['Public', 'OPTIONS, ANNOUNCE, DESCRIBE']] };
    return { status: 404 };
  }

  packet(channel: number, packet: Buffer): void {
    this.#role?.packet(channel, packet);
  }

  heard(): void {
    this.#role?.heard();
  }

  closed(): void {
    this.#role?.closed();
  }
}
