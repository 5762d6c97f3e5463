/** The built-in broker: Aedes behind one user name and a random password, with limits on what clients may send. */
import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { GlimpserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { isSameText } from '#base/secret.ts';
import { createPacketMeter } from './packet-meter.ts';

/** The largest packet that the built-in broker takes. */
export const BUILT_IN_PACKET_BYTES = 10_000_000;

/** All that somebody may send before they have logged in: name, password and will. */
const STRANGER_PACKET_BYTES = 16_000;
/** Connections that have not logged in, from one address and in all; a login takes milliseconds. */
const STRANGERS_EACH = 8;
const STRANGERS = 32;
const MAX_CONNECTIONS = 64;
const MAX_CLIENT_ID_LENGTH = 128;
const BAD_LOGIN = 4;

/** Who may use the broker. */
export interface BrokerLogin {
  username: string;
  password: string;
}

/** How the broker is started. */
export interface BrokerOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  login: BrokerLogin;
  log: Log;
}

/** A broker that listens. */
export interface RunningBroker extends AsyncDisposable {
  host: string;
  port: number;
}

/** Starts the broker. Throws `port-in-use` with what to do. */
export async function startBroker({ host, port, login, log }: BrokerOptions): Promise<RunningBroker> {
  const strangers = new Strangers();
  const aedes = await Aedes.createBroker({
    connectTimeout: 10_000,
    preConnect: (_client, packet, done) => {
      const isShort = (packet.clientId ?? '').length <= MAX_CLIENT_ID_LENGTH;
      done(isShort ? null : new Error('the client id is too long'), isShort);
    },
    authenticate: (client, username, password, done) => {
      const isKnown = isLogin(login, username, password);
      if (isKnown) strangers.know(client.conn);
      done(isKnown ? null : badLogin(), isKnown);
    },
  });
  aedes.on('clientError', (client: Client, error: Error) =>
    log.debug(`Client ${client.id}: ${error.message}`),
  );
  aedes.on('connectionError', (_client: Client, error: Error) => log.debug(`Refused: ${error.message}`));
  // Not in its types: told when clearing old wills fails; unheard, it would end the process.
  (aedes as NodeJS.EventEmitter).on('error', (error: Error) => log.warning(`Broker: ${error.message}`));
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    acceptSocket(aedes, socket, strangers, log);
  });
  server.maxConnections = MAX_CONNECTIONS;
  const stop = () => stopBroker(aedes, server, sockets);
  try {
    const boundPort = await listen(server, host, port);
    return { host, port: boundPort, [Symbol.asyncDispose]: stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

function isLogin(login: BrokerLogin, username: string | undefined, password: Buffer | undefined): boolean {
  const isName = isSameText(username ?? '', login.username);
  const isPassword = isSameText(password?.toString('utf8') ?? '', login.password);
  return isName && isPassword;
}

function badLogin(): AuthenticateError {
  return Object.assign(new Error('bad user name or password'), { returnCode: BAD_LOGIN });
}

/** Connections that have not logged in yet. */
class Strangers {
  readonly #sockets = new Map<object, string>();

  /** False when there are too many already. */
  admit(socket: Socket): boolean {
    const address = socket.remoteAddress ?? '';
    const same = [...this.#sockets.values()].filter(other => other === address);
    if (same.length >= STRANGERS_EACH || this.#sockets.size >= STRANGERS) return false;
    this.#sockets.set(socket, address);
    socket.once('close', () => this.#sockets.delete(socket));
    return true;
  }

  know(socket: object): void {
    this.#sockets.delete(socket);
  }

  has(socket: Socket): boolean {
    return this.#sockets.has(socket);
  }
}

function acceptSocket(aedes: Aedes, socket: Socket, strangers: Strangers, log: Log): void {
  if (!strangers.admit(socket)) {
    log.debug('A connection was refused: too many have not logged in.');
    socket.destroy();
    return;
  }
  const most = () => (strangers.has(socket) ? STRANGER_PACKET_BYTES : BUILT_IN_PACKET_BYTES);
  const isWithinLimit = createPacketMeter(most);
  aedes.handle(socket);
  // Aedes reads by `readable`; `data` then only looks on, before Aedes gets the chunk.
  socket.on('data', chunk => {
    if (isWithinLimit(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk))) return;
    log.warning(`A client sent a packet over ${most()} bytes and was cut off.`);
    socket.destroy();
  });
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  try {
    await promise;
  } catch (cause) {
    throw cannotListen(cause, host, port);
  }
  server.off('error', reject);
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}

function cannotListen(cause: unknown, host: string, port: number): GlimpserError {
  const code = (cause as NodeJS.ErrnoException).code;
  const sentence =
    code === 'EADDRINUSE'
      ? `Port ${port} is in use, probably by another broker. Set MQTT_URL to use that broker, or MQTT_BROKER_PORT to another port.`
      : `The built-in broker cannot listen on ${host}:${port} (${code ?? 'unknown reason'}). Correct MQTT_BROKER_HOST or MQTT_BROKER_PORT.`;
  return new GlimpserError('port-in-use', sentence, { cause });
}

async function stopBroker(aedes: Aedes, server: Server, sockets: Set<Socket>): Promise<void> {
  const isClosed = Promise.withResolvers<void>();
  aedes.close(() => isClosed.resolve());
  const isServerClosed = Promise.withResolvers<void>();
  server.close(() => isServerClosed.resolve());
  for (const socket of sockets) socket.destroy();
  await Promise.all([isClosed.promise, isServerClosed.promise]);
}
