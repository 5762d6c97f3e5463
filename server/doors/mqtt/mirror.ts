/** The retained topics as they should stand on the broker: sent once, again after each connect, never queued twice. */
import { GlimpserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Connection } from './connection.ts';

/** Fewer than any broker's receive maximum, so that a full resend is never cut off. */
const MAX_IN_FLIGHT = 8;

/** Keeps the newest text of each topic; memory grows with topics, not with changes. An empty text removes a topic. */
export class Mirror {
  readonly #log: Log;
  readonly #wanted = new Map<string, string>();
  readonly #sent = new Map<string, string>();
  readonly #dirty = new Set<string>();
  readonly #inFlight = new Map<string, string>();
  readonly #waiting = new Map<string, Set<() => void>>();
  #connection: Connection | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Wants a text on a topic. Unchanged text is not sent again. */
  set(topic: string, text: string): void {
    this.#wanted.set(topic, text);
    const standing = this.#inFlight.get(topic) ?? this.#sent.get(topic);
    if (standing === text) this.#dirty.delete(topic);
    else this.#dirty.add(topic);
    this.#pump();
  }

  /** Removes a topic from the broker: now, or once it is connected. */
  clear(topic: string): void {
    this.set(topic, '');
  }

  /** Sends everything over a new connection. */
  attach(connection: Connection): void {
    this.#connection = connection;
    this.resend();
  }

  /** Sends everything again. */
  resend(): void {
    this.#sent.clear();
    for (const topic of this.#wanted.keys()) this.#dirty.add(topic);
    this.#pump();
  }

  detach(): void {
    this.#connection = undefined;
    for (const topic of [...this.#waiting.keys()]) this.#tell(topic);
  }

  /** Resolves when the broker has the newest text of a topic, or the connection is gone. */
  settled(topic: string): Promise<void> {
    const isSettled = !this.#dirty.has(topic) && !this.#inFlight.has(topic);
    if (isSettled || !this.#connection?.isOpen) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = this.#waiting.get(topic) ?? new Set();
    this.#waiting.set(topic, waiting.add(resolve));
    return promise;
  }

  #pump(): void {
    const connection = this.#connection;
    if (!connection?.isOpen) return;
    for (const topic of this.#dirty) {
      if (this.#inFlight.size >= MAX_IN_FLIGHT) return;
      if (!this.#inFlight.has(topic)) void this.#send(connection, topic);
    }
  }

  async #send(connection: Connection, topic: string): Promise<void> {
    const text = this.#wanted.get(topic) ?? '';
    this.#dirty.delete(topic);
    this.#inFlight.set(topic, text);
    try {
      await connection.send(topic, text, { qos: 1, retain: true });
      this.#sent.set(topic, text);
    } catch (thrown) {
      // A text that is too large stays too large; one that the connection lost is sent over the next.
      if (thrown instanceof GlimpserError) this.#log.warning(`Not sent: ${thrown.message}`);
      else this.#dirty.add(topic);
    }
    this.#inFlight.delete(topic);
    this.#forgetRemoved(topic);
    if (!this.#dirty.has(topic)) this.#tell(topic);
    this.#pump();
  }

  #forgetRemoved(topic: string): void {
    if (this.#wanted.get(topic) !== '' || this.#dirty.has(topic)) return;
    this.#wanted.delete(topic);
    this.#sent.delete(topic);
  }

  #tell(topic: string): void {
    for (const resolve of this.#waiting.get(topic) ?? []) resolve();
    this.#waiting.delete(topic);
  }
}
