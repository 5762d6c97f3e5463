/** One listening port: started with a sentence when it cannot be, closed with everybody on it at once. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { GlimpserError, sentenceOf } from '#base/errors.ts';
import { problemOf, readFailure } from './problem.ts';
import type { UpgradeHandler } from './upgrade.ts';

const HEADERS_MS = 20_000;
const REQUEST_MS = 60_000;
const KEEP_ALIVE_MS = 65_000;

/** What a port serves. */
export interface ListenerParts {
  host: string;
  port: number;
  /** The variable that sets the port, for sentences. */
  variable: 'PORT' | 'INGRESS_PORT';
  serve: RequestListener;
  upgrade: UpgradeHandler;
  /** Refuses a peer by throwing. */
  admit?: (request: IncomingMessage) => void;
}

/** A listening port. */
export interface Listener extends AsyncDisposable {
  readonly port: number;
}

/** Starts to listen. Throws `port-in-use`. */
export async function openListener(parts: ListenerParts): Promise<Listener> {
  const server = createServer({ headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, noDelay: true });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('request', (request, response) => {
    const refusal = refusalOf(parts, request);
    if (!refusal) return parts.serve(request, response);
    const problem = problemOf(refusal, '');
    response.writeHead(problem.status, { 'Content-Type': 'application/problem+json', Connection: 'close' });
    return response.end(JSON.stringify(problem));
  });
  server.on('upgrade', (request, socket, head) => {
    if (refusalOf(parts, request)) socket.destroy();
    else void parts.upgrade(request, socket, head);
  });
  // Upgraded connections are not the server's any more, but it waits for them.
  const open = new Set<Socket>();
  server.on('connection', socket => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  await listen(server, parts);
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
      await promise;
    },
  };
}

function refusalOf({ admit }: ListenerParts, request: IncomingMessage): GlimpserError | undefined {
  try {
    admit?.(request);
    return undefined;
  } catch (thrown) {
    return readFailure(thrown);
  }
}

function listen(server: Server, parts: ListenerParts): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const failed = (cause: NodeJS.ErrnoException) => reject(failure(parts, cause));
  server.once('error', failed);
  server.listen(parts.port, parts.host, () => {
    server.off('error', failed);
    resolve();
  });
  return promise;
}

function failure({ host, port, variable }: ListenerParts, cause: NodeJS.ErrnoException): GlimpserError {
  if (cause.code === 'EADDRINUSE') {
    return new GlimpserError(
      'port-in-use',
      `Port ${port} is in use on ${host}. Stop the program that uses it, or set ${variable} to another port; 0 picks a free one.`,
      { cause },
    );
  }
  const hint =
    cause.code === 'EACCES'
      ? 'Ports below 1024 need rights that this user does not have.'
      : `Check HOST and ${variable}.`;
  return new GlimpserError(
    'config-invalid',
    `The hub cannot listen on ${host} port ${port}: ${sentenceOf(cause)}. ${hint}`,
    { cause },
  );
}
