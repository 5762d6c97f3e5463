/** Movies by WebSocket, for players that append fragments to a buffer of their own. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '#base/clock.ts';
import type { MovieBook, MovieFragment } from '#model/media.ts';
import { MovieWatcher } from './movie-watcher.ts';

/** Clients may say `{"ping":1}` and nothing else. */
const GIVEN_BYTES = 200;
const PING = /^\{"ping":(\d{1,15})\}$/;
const TOLD_EVERY_MS = 1000;
const DONE = 1000;
const GOING_AWAY = 1001;
const TRY_LATER = 1013;

/** What movies are sent with. */
export interface MovieSocketsParts {
  movies: MovieBook;
  clock: Clock;
  /** Counts as a viewer of a source until disposed. */
  seat(sourceId: string): Disposable;
  /** What failed, as clients may read it. */
  problemOf(thrown: unknown): object;
}

/** A request to watch, after all checks. */
export interface MovieUpgrade {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
  sourceId: string;
  /** Called when the connection is open; the answer is disposed when it is closed. */
  opened(close: () => void): Disposable;
}

/**
 * Sends movies. First comes `{"type"}` as text, for `MediaSource.isTypeSupported`, then the beginning of the file,
 * then fragments. In between, `{"fragment":{"startMs","hubMs"}}` says when, on the hub's own clock, the fragment came
 * that begins at `startMs` of the movie; a ping is answered by `{"pong","hubMs"}`, so that clients can read that
 * clock. `{"problem"}` instead says why there is no movie.
 */
export class MovieSockets implements Disposable {
  readonly #parts: MovieSocketsParts;
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: GIVEN_BYTES,
    clientTracking: true,
  });

  constructor(parts: MovieSocketsParts) {
    this.#parts = parts;
  }

  /** Takes a connection over and sends until it is closed. */
  accept(upgrade: MovieUpgrade): void {
    const { request, socket, head } = upgrade;
    this.#server.handleUpgrade(request, socket, head, client => void this.#serve(client, upgrade));
  }

  [Symbol.dispose](): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  /** Never rejects. */
  async #serve(client: WebSocket, { sourceId, opened }: MovieUpgrade): Promise<void> {
    const { movies, problemOf } = this.#parts;
    const leaving = new AbortController();
    const held = new DisposableStack();
    client.on('error', () => client.terminate());
    client.on('message', data => this.#answer(client, String(data)));
    client.on('close', () => {
      leaving.abort();
      held.dispose();
    });
    held.use(opened(() => client.close(GOING_AWAY)));
    held.use(this.#parts.seat(sourceId));
    try {
      const movie = await movies.hold(sourceId, leaving.signal);
      // Who left in this very moment has had everything else taken back already.
      if (held.disposed) return movie[Symbol.dispose]();
      held.use(movie);
      client.send(JSON.stringify({ type: movie.type }));
      client.send(movie.init);
      held.use(new MovieWatcher(movie, this.#sink(client), this.#parts.clock));
    } catch (thrown) {
      if (client.readyState !== client.OPEN) return;
      client.send(JSON.stringify({ problem: problemOf(thrown) }));
      client.close(TRY_LATER);
    }
  }

  #sink(client: WebSocket): ConstructorParameters<typeof MovieWatcher>[1] {
    const { clock } = this.#parts;
    let toldAtMs = Number.NEGATIVE_INFINITY;
    return {
      waitingBytes: () => client.bufferedAmount,
      end: why => (why === 'over' ? client.close(DONE) : client.terminate()),
      send: ({ startMs, bytes }: MovieFragment, isLive) => {
        const hubMs = clock.monotonic();
        if (isLive && hubMs - toldAtMs >= TOLD_EVERY_MS) {
          toldAtMs = hubMs;
          client.send(JSON.stringify({ fragment: { startMs, hubMs } }));
        }
        client.send(bytes);
      },
    };
  }

  #answer(client: WebSocket, text: string): void {
    const ping = PING.exec(text)?.[1];
    if (ping === undefined) client.close(1008);
    // Whoever asks and does not read the answers is not asked to wait in memory.
    else if (client.bufferedAmount < GIVEN_BYTES * 1000)
      client.send(JSON.stringify({ pong: Number(ping), hubMs: this.#parts.clock.monotonic() }));
  }
}
