/** The live link to the hub: a WebSocket, else Server-Sent Events, else polling; it comes back by itself. */
import {
  type Failures,
  type LiveMessage,
  nextRoad,
  POLL_MS,
  POLLS_BEFORE_RETRY,
  type Road,
  readMessage,
  waitMs,
} from './live-steps.ts';

/** What the link needs of a browser; tests hand in their own. */
export interface LiveHands {
  openSocket(after: number | undefined): Pick<WebSocket, 'close' | 'onmessage' | 'onclose'>;
  openEvents(): Pick<EventSource, 'close' | 'onmessage' | 'onerror'>;
  /** Loads what can be polled; rejects when the hub is away. */
  poll(): Promise<void>;
  later(call: () => void, ms: number): () => void;
  random(): number;
}

/** What the link tells. */
export interface LiveListener {
  message(message: LiveMessage): void;
  /** True when the hub answers, false when it is away. */
  reachable(isReachable: boolean): void;
}

/** Keeps one road to the hub open until it is stopped. */
export class LiveLink {
  readonly #hands: LiveHands;
  readonly #listener: LiveListener;
  readonly #failures: Failures = { socket: 0, events: 0 };
  #inARow = 0;
  #polls = 0;
  #lastId: number | undefined;
  #close: (() => void) | undefined;
  #isRunning = false;

  constructor(hands: LiveHands, listener: LiveListener) {
    this.#hands = hands;
    this.#listener = listener;
  }

  /** The road in use, for the page about the hub. */
  get road(): Road {
    return nextRoad(this.#failures);
  }

  /** Opens the link; does nothing when it is open. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#next();
  }

  /** Closes the link. */
  stop(): void {
    this.#isRunning = false;
    this.#leave();
  }

  /** Tries at once, such as when the network is back. */
  hurry(): void {
    if (!this.#isRunning || this.#inARow === 0) return;
    this.#leave();
    this.#failures.socket = 0;
    this.#failures.events = 0;
    this.#next();
  }

  #leave(): void {
    this.#close?.();
    this.#close = undefined;
  }

  #next(): void {
    if (!this.#isRunning) return;
    const road = nextRoad(this.#failures);
    if (road === 'socket') this.#useSocket();
    else if (road === 'events') this.#useEvents();
    else this.#usePoll();
  }

  #useSocket(): void {
    const socket = this.#hands.openSocket(this.#lastId);
    socket.onmessage = ({ data }) => this.#take(data);
    socket.onclose = () => this.#failed('socket');
    this.#close = () => {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    };
  }

  #useEvents(): void {
    const events = this.#hands.openEvents();
    events.onmessage = ({ data }) => this.#take(data);
    events.onerror = () => this.#failed('events');
    this.#close = () => {
      events.onmessage = null;
      events.onerror = null;
      events.close();
    };
  }

  #usePoll(): void {
    let isLeft = false;
    this.#close = () => {
      isLeft = true;
    };
    this.#hands.poll().then(
      () => {
        if (!isLeft) this.#polled(true);
      },
      () => {
        if (!isLeft) this.#polled(false);
      },
    );
  }

  #polled(isReachable: boolean): void {
    this.#listener.reachable(isReachable);
    const isBack = isReachable && this.#inARow > 0;
    this.#inARow = isReachable ? 0 : this.#inARow + 1;
    this.#polls += 1;
    if ((isBack && this.#polls > 1) || this.#polls >= POLLS_BEFORE_RETRY) this.#forgive();
    this.#close = this.#hands.later(() => this.#next(), POLL_MS);
  }

  #forgive(): void {
    this.#failures.socket = 0;
    this.#failures.events = 0;
    this.#polls = 0;
  }

  #take(text: unknown): void {
    const message = readMessage(text);
    if (!message) return;
    this.#forgive();
    this.#inARow = 0;
    this.#lastId = message.id;
    this.#listener.reachable(true);
    this.#listener.message(message);
  }

  #failed(road: 'socket' | 'events'): void {
    this.#leave();
    this.#failures[road] += 1;
    this.#inARow += 1;
    if (this.#inARow > 1) this.#listener.reachable(false);
    this.#close = this.#hands.later(() => this.#next(), waitMs(this.#inARow, this.#hands.random()));
  }
}
