/** How the live link chooses its road and how long it waits after a failure: pure, so that it can be tested. */

/** `socket` first, `events` where proxies break sockets, `poll` where they buffer everything. */
export type Road = 'socket' | 'events' | 'poll';

/** Failures in a row on each road since a message last came. */
export interface Failures {
  socket: number;
  events: number;
}

const TRIES = 2;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** Pause between two polls. */
export const POLL_MS = 5000;

/** Polls after which the better roads are tried again. */
export const POLLS_BEFORE_RETRY = 12;

/** The road for the next try. */
export function nextRoad(failures: Failures): Road {
  if (failures.socket < TRIES) return 'socket';
  return failures.events < TRIES ? 'events' : 'poll';
}

/** Milliseconds before try number `failures`, doubling, with a fifth of jitter. `random` is 0 to 1. */
export function waitMs(failures: number, random: number): number {
  if (failures <= 0) return 0;
  const wait = Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS);
  return Math.round(wait * (0.8 + 0.4 * random));
}

/** A message of the live link. */
export interface LiveMessage {
  id: number;
  signal: string;
  payload: unknown;
}

/** A message from its text, or undefined when it is none. */
export function readMessage(text: unknown): LiveMessage | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const message = JSON.parse(text) as Partial<LiveMessage>;
    if (typeof message.signal !== 'string' || typeof message.id !== 'number') return undefined;
    return { id: message.id, signal: message.signal, payload: message.payload };
  } catch {
    return undefined;
  }
}
