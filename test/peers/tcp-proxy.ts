/** A wire between a client and a server that a test can cut. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A running proxy. */
export interface TcpProxy extends AsyncDisposable {
  port: number;
  /** Connections so far. */
  readonly accepted: number;
  /** Breaks every connection without a goodbye. */
  cut(): void;
}

/** Forwards to a loopback port, from any free port of 127.0.0.1 unless told otherwise. */
export async function startTcpProxy(
  toPort: number,
  { host = '127.0.0.1', port = 0 }: { host?: string; port?: number } = {},
): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer(near => {
    accepted++;
    const far = connect(toPort, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
      socket.on('error', () => socket.destroy());
    }
    near.pipe(far).pipe(near);
  }).listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get accepted() {
      return accepted;
    },
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}
