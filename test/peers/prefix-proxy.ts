/** A reverse proxy that serves a hub below a path, as people's own proxies do: requests, event streams and WebSockets. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** A running proxy. */
export interface PrefixProxy extends AsyncDisposable {
  /** Where the hub's `/` lies, with a slash at the end. */
  url: string;
  /** Paths outside of the prefix that somebody asked for; an app that keeps to its base leaves none. */
  strays: string[];
  /** WebSockets so far. */
  readonly upgrades: number;
}

/** Serves `target` below `prefix`, such as `/glimpser`, on a free loopback port. */
export async function startPrefixProxy(target: string, prefix: string): Promise<PrefixProxy> {
  const { hostname, port } = new URL(target);
  const strays: string[] = [];
  let upgrades = 0;
  const inside = (asked: IncomingMessage): string | undefined => {
    if (asked.url?.startsWith(`${prefix}/`)) return asked.url.slice(prefix.length);
    strays.push(asked.url ?? '');
    return undefined;
  };
  const server = createServer((asked, answer) => {
    const path = inside(asked);
    if (path === undefined) return void answer.writeHead(404).end('Not below the prefix');
    forward(asked, answer, { hostname, port, path, headers: headersFor(asked, prefix) });
  });
  server.on('upgrade', (asked, socket, head) => {
    const path = inside(asked);
    if (path === undefined) return void socket.destroy();
    upgrades++;
    tunnel(socket, head, Number(port), hostname, upgradeText(asked, path, prefix));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}/`,
    strays,
    get upgrades() {
      return upgrades;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function headersFor(asked: IncomingMessage, prefix: string): NodeJS.Dict<string | string[]> {
  return { ...asked.headers, 'x-forwarded-prefix': prefix, 'x-forwarded-proto': 'http' };
}

function forward(
  asked: IncomingMessage,
  answer: ServerResponse,
  to: { hostname: string; port: string; path: string; headers: NodeJS.Dict<string | string[]> },
): void {
  const passed = request({ ...to, method: asked.method }, got => {
    answer.writeHead(got.statusCode ?? 502, got.headers);
    answer.flushHeaders();
    got.pipe(answer);
  });
  passed.on('error', () => answer.destroy());
  // Who stops looking at a stream must end it at the hub too.
  answer.on('close', () => passed.destroy());
  asked.pipe(passed);
}

function upgradeText(asked: IncomingMessage, path: string, prefix: string): string {
  const headers = Object.entries(headersFor(asked, prefix)).map(([name, value]) => `${name}: ${value}`);
  return [`${asked.method} ${path} HTTP/1.1`, ...headers, '', ''].join('\r\n');
}

function tunnel(near: Duplex, head: Buffer, port: number, hostname: string, opening: string): void {
  const far = connect(port, hostname, () => {
    far.write(opening);
    far.write(head);
    near.pipe(far).pipe(near);
  });
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    one.on('error', () => one.destroy());
    one.on('close', () => other.destroy());
  }
}
