/**
 * A relay between one program and one camera. FFmpeg never talks to a camera itself: it follows redirects to anywhere
 * and for ever, and what it is told, a password too, every user of the machine can read among its arguments.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { GlimpserError } from '#base/errors.ts';
import { randomToken } from '#base/secret.ts';
import { listenTcp } from './listen.ts';
import { RelayAddresses } from './relay-addresses.ts';
import { type Approached, approach, type RelayTarget } from './relay-approach.ts';
import { RelayBridge } from './relay-bridge.ts';
import type { RtspTransport } from './relay-setup.ts';

const HOST = '127.0.0.1';
/** The program, and who tries his luck. */
const MAX_CONNECTIONS = 8;

/** How a relay is opened. */
export interface RelayOptions extends RelayTarget {
  /** Between camera and relay; the program speaks TCP with us in any case. */
  transport: RtspTransport;
}

/** An open relay. */
export interface Relay extends AsyncDisposable {
  /** For `ffmpeg -rtsp_transport tcp -i <url>`; works once, on this machine, and names neither camera nor login. */
  readonly url: string;
  /** Why the camera's side ended, if it was the first to: a better reason than the program's. */
  readonly failure: GlimpserError | undefined;
}

/**
 * Goes to the camera and opens a place where its stream can be read. Throws what stands in the way, in a sentence; a
 * login is tried once.
 * @example await using relay = await openRelay({ url, login, transport: 'tcp', … });
 */
export async function openRelay(options: RelayOptions): Promise<Relay> {
  const camera = await approach(options);
  const place = new Place();
  try {
    await place.open(camera, options);
  } catch (thrown) {
    camera.line[Symbol.dispose]();
    throw thrown;
  }
  return place;
}

class Place implements Relay {
  url = '';
  readonly #server: Server = createServer();
  readonly #sockets = new Set<Socket>();
  #bridge: RelayBridge | undefined;

  get failure(): GlimpserError | undefined {
    return this.#bridge?.failure;
  }

  async open(camera: Approached, { name, login, transport }: RelayOptions): Promise<void> {
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on('connection', socket => this.#enter(socket));
    const port = await listenTcp(this.#server, HOST, 0, `The relay of ${name}`);
    this.url = `rtsp://${HOST}:${port}/${randomToken()}`;
    this.#bridge = new RelayBridge({
      ...{ camera, transport, name, hasLogin: login !== undefined },
      addresses: new RelayAddresses(this.url, camera.url),
      joined: () => void this.#server.close(),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#bridge?.[Symbol.dispose]();
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #enter(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    this.#bridge?.enter(socket);
  }
}
