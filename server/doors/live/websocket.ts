/** Live updates by WebSocket, on the same address and with the same messages as Server-Sent Events. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '#base/clock.ts';
import type { Live } from './live.ts';
import type { Seer } from './told.ts';

const BEAT_MS = 15_000;
const UNREAD_BYTES = 1_000_000;
/** Clients have nothing to say. */
const GIVEN_BYTES = 1024;
const GOING_AWAY = 1001;

/** A request to open a WebSocket, after all checks. */
export interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
  who(): Seer;
  after: number | undefined;
  /** Called when the connection is open; the answer is disposed when it is closed. */
  opened(close: () => void): Disposable;
}

/** Tells by WebSocket. */
export class LiveSockets implements Disposable {
  readonly #live: Live;
  readonly #clock: Clock;
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: GIVEN_BYTES,
    clientTracking: true,
  });

  constructor(live: Live, clock: Clock) {
    this.#live = live;
    this.#clock = clock;
  }

  /** Takes a connection over and tells until it is closed. */
  accept(upgrade: Upgrade): void {
    const { request, socket, head } = upgrade;
    this.#server.handleUpgrade(request, socket, head, client => this.#serve(client, upgrade));
  }

  [Symbol.dispose](): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  #serve(client: WebSocket, { who, after, opened }: Upgrade): void {
    let isAlive = true;
    let beat: Disposable | undefined;
    const wait = () => {
      beat = this.#clock.after(BEAT_MS, () => {
        if (!isAlive) return client.terminate();
        isAlive = false;
        client.ping();
        return wait();
      });
    };
    client.on('pong', () => {
      isAlive = true;
    });
    // What is wrong with a connection ends it; ws closes it by itself.
    client.on('error', () => client.terminate());
    const send = ({ text }: { text: string }) => {
      if (client.bufferedAmount > UNREAD_BYTES) client.terminate();
      else client.send(text);
    };
    const place = this.#live.join({ who, send, end: () => client.close(GOING_AWAY) }, after);
    const watched = opened(() => client.close(GOING_AWAY));
    client.on('close', () => {
      beat?.[Symbol.dispose]();
      place[Symbol.dispose]();
      watched[Symbol.dispose]();
    });
    wait();
  }
}
