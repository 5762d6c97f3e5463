/** The RTSP door: other recorders play the streams of sources at `rtsp://host:port/<source id>`. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log.ts';
import type { PlayoutFigures } from '#base/rtp/playout.ts';
import { serveRtsp } from '#base/rtsp/connection.ts';
import { listenTcp } from '#base/rtsp/listen.ts';
import { plainAddress } from '#base/rtsp/play-session.ts';
import { Player } from '#base/rtsp/player.ts';
import type { MediaBook } from '#model/media.ts';
import { Failures } from './failures.ts';
import { Gate } from './gate.ts';
import type { StreamLogins } from './logins.ts';
import { Seats } from './seats.ts';
import { UdpHouse } from './udp-house.ts';

const MAX_CONNECTIONS = { all: 256, each: 128 };
const MAX_SESSIONS = 128;
/** RTCP reports, and the search for who is gone. */
const TICK_MS = 5000;
const PATIENCE_MS = 60_000;

/** What the door is given. */
export interface RtspServices {
  host: string;
  /** 0 picks a free one. */
  port: number;
  media: MediaBook;
  logins: StreamLogins;
  /** False for a source that is switched off or gone. */
  isOn(sourceId: string): boolean;
  clock: Clock;
  log: Log;
}

/** What the door has done and does. */
export interface RtspFigures extends PlayoutFigures {
  connections: number;
  /** Sessions that are set up, most of them playing. */
  clients: number;
  /** Connections that were turned away because there were too many. */
  refused: number;
}

/** The open door. */
export interface RtspDoor extends AsyncDisposable {
  readonly port: number;
  figures(): RtspFigures;
  /** Ends what may be played no longer. Called when logins or sources changed; it happens by itself within seconds, too. */
  review(): Promise<void>;
}

/** One connection: who asks on it, and what lets it in. */
interface Guest {
  player: Player;
  gate: Gate;
}

/** Opens the door. Throws `port-in-use`. */
export async function openRtspDoor(services: RtspServices): Promise<RtspDoor> {
  const reception = new Reception({ ...services, log: services.log.part('rtsp') });
  const server = createServer(socket => reception.enter(socket));
  const hint = 'Stop the program that uses it, or set RTSP_PORT to another port; 0 picks a free one.';
  const port = await listenTcp(server, services.host, services.port, 'The RTSP server', hint);
  // A failure to accept, such as too many open files, must not end the hub.
  server.on('error', thrown => services.log.warning(`RTSP: ${thrown.message}`));
  reception.tick();
  return {
    port,
    figures: () => reception.figures(),
    review: () => reception.review(),
    [Symbol.asyncDispose]: () => reception.close(server),
  };
}

class Reception {
  readonly #services: RtspServices;
  readonly #failures: Failures;
  readonly #udp: UdpHouse;
  readonly #played: PlayoutFigures = { packets: 0, droppedGroups: 0 };
  readonly #seats = new Seats(MAX_CONNECTIONS.all, MAX_CONNECTIONS.each);
  readonly #sessions = new Seats(MAX_SESSIONS);
  readonly #guests = new Map<Socket, Guest>();
  #refused = 0;
  #next: Disposable | undefined;

  constructor(services: RtspServices) {
    this.#services = services;
    this.#failures = new Failures(services.clock);
    this.#udp = new UdpHouse(services.host, services.clock);
  }

  enter(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    const seat = this.#seats.take(address);
    if (!seat) {
      this.#refused++;
      socket.destroy();
      return;
    }
    const gone = new AbortController();
    socket.once('close', () => {
      seat[Symbol.dispose]();
      this.#guests.delete(socket);
      gone.abort();
    });
    serveRtsp(socket, connection => {
      const gate = this.#gateFor(address, gone.signal);
      const player = new Player(connection, this.#hostFor(gate));
      this.#guests.set(socket, { player, gate });
      return player;
    });
  }

  tick(): void {
    const nowMs = this.#services.clock.monotonic();
    for (const { player } of this.#guests.values()) player.tick(nowMs);
    void this.review();
    this.#next = this.#services.clock.after(TICK_MS, () => this.tick());
  }

  async review(): Promise<void> {
    await Promise.all([...this.#guests.values()].map(guest => this.#look(guest)));
  }

  figures(): RtspFigures {
    const [connections, clients] = [this.#seats.taken, this.#sessions.taken];
    return { ...this.#played, connections, clients, refused: this.#refused };
  }

  async close(server: Server): Promise<void> {
    this.#next?.[Symbol.dispose]();
    const { promise, resolve } = Promise.withResolvers<void>();
    server.close(() => resolve());
    for (const socket of this.#guests.keys()) socket.destroy();
    await promise;
    await this.#udp[Symbol.asyncDispose]();
  }

  async #look({ player, gate }: Guest): Promise<void> {
    const { path } = player;
    if (path === undefined || (this.#services.isOn(path) && (await gate.lets(path)))) return;
    if (player.path === path) player.end();
  }

  #gateFor(address: string, signal: AbortSignal): Gate {
    const { logins } = this.#services;
    return new Gate({ logins, failures: this.#failures, address, signal });
  }

  #hostFor(gate: Gate) {
    const { clock, media } = this.#services;
    return {
      ...{ clock, figures: this.#played, patienceMs: PATIENCE_MS },
      admit: gate.admit.bind(gate),
      hold: media.hold.bind(media),
      udp: this.#udp.portsFor.bind(this.#udp),
      seat: () => this.#sessions.take(),
    };
  }
}
