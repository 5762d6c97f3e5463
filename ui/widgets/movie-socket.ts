/** The hub's end of a movie: what it says and sends over its WebSocket. */
import { HubClock } from './hub-clock.ts';
import type { MovieEnd } from './played-movie.ts';

const PING_MS = 5000;
const OVER = 1000;
/** What the hub says of a source that sends no video that browsers play. */
const NO_MOVIE = 'no-movie';

/** Who is told. */
export interface MovieEars {
  /** The type, before the first piece. */
  type(type: string): void;
  piece(bytes: ArrayBuffer): void;
  /** Closed by the hub. */
  closed(end: MovieEnd): void;
}

interface Told {
  type?: string;
  fragment?: { startMs: number; hubMs: number };
  pong?: number;
  hubMs?: number;
  problem?: { code?: string };
}

/** Listens until it is closed. */
export class MovieSocket {
  readonly clock = new HubClock();
  readonly #socket: WebSocket;
  readonly #ears: MovieEars;
  readonly #pinging: ReturnType<typeof setInterval>;
  #hasNone = false;

  constructor(address: string, ears: MovieEars) {
    this.#ears = ears;
    this.#socket = new WebSocket(address);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onopen = () => this.#ping();
    this.#socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => this.#take(data);
    this.#socket.onclose = ({ code }) => {
      this.close();
      ears.closed(this.#hasNone ? 'none' : code === OVER ? 'over' : 'failed');
    };
    this.#pinging = setInterval(() => this.#ping(), PING_MS);
  }

  /** Ends it without a word. */
  close(): void {
    clearInterval(this.#pinging);
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
  }

  /** The hub takes whole milliseconds only, and gives back what it was sent. */
  #ping(): void {
    if (this.#socket.readyState === WebSocket.OPEN)
      this.#socket.send(`{"ping":${Math.round(performance.now())}}`);
  }

  #take(data: string | ArrayBuffer): void {
    if (typeof data !== 'string') {
      this.#ears.piece(data);
      return;
    }
    const told = JSON.parse(data) as Told;
    if (told.problem) this.#hasNone = told.problem.code === NO_MOVIE;
    if (told.type) this.#ears.type(told.type);
    if (told.fragment) this.clock.marked(told.fragment);
    if (told.pong !== undefined && told.hubMs !== undefined)
      this.clock.answered(told.pong, performance.now(), told.hubMs);
  }
}
