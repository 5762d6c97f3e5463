/** The retained topics as they should stand on the broker: sent once, again after each connect, never queued twice. */
import { GlimpserError, sentenceOf } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Connection } from './connection.ts';
import type { Refusals } from './refusals.ts';

/** Fewer than any broker's receive maximum, so that a full resend is never cut off. */
const MAX_IN_FLIGHT = 8;

/** What a mirror tells. */
export interface MirrorParts {
  log: Log;
  refusals: Pick<Refusals, 'note'>;
}

/** Keeps the newest text of each topic; memory grows with topics, not with changes. An empty text removes a topic. */
export class Mirror {
  readonly #parts: MirrorParts;
  readonly #wanted = new Map<string, string>();
  readonly #sent = new Map<string, string>();
  readonly #dirty = new Set<string>();
  readonly #inFlight = new Map<string, string>();
  readonly #waiting = new Map<string, Set<() => void>>();
  /** Topics that are not tried again over this connection. */
  readonly #refused = new Set<string>();
  #connection: Connection | undefined;

  constructor(parts: MirrorParts) {
    this.#parts = parts;
  }

  /** Wants a text on a topic. Unchanged text is not sent again. */
  set(topic: string, text: string): void {
    this.#wanted.set(topic, text);
    const standing = this.#inFlight.get(topic) ?? this.#sent.get(topic);
    if (standing === text || this.#refused.has(topic)) this.#dirty.delete(topic);
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
    this.#refused.clear();
    this.resend();
  }

  /** Sends everything again. */
  resend(): void {
    this.#sent.clear();
    for (const topic of this.#wanted.keys()) if (!this.#refused.has(topic)) this.#dirty.add(topic);
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
      this.#failed(connection, topic, thrown);
    }
    this.#inFlight.delete(topic);
    this.#forgetRemoved(topic);
    if (!this.#dirty.has(topic)) this.#tell(topic);
    this.#pump();
  }

  #failed(connection: Connection, topic: string, thrown: unknown): void {
    const isOurs = thrown instanceof GlimpserError;
    // What the connection lost is sent over the next.
    if (!isOurs && !connection.isOpen) this.#dirty.add(topic);
    // A text that is too large stays too large.
    else if (isOurs && thrown.code === 'body-too-large')
      this.#parts.log.warning(`Not sent: ${thrown.message}`);
    else this.#refuse(topic, thrown);
  }

  /** While the connection stands, the next try would fail in the same way, and at once. */
  #refuse(topic: string, thrown: unknown): void {
    this.#refused.add(topic);
    this.#dirty.delete(topic);
    if (thrown instanceof GlimpserError) this.#parts.refusals.note('write', topic, thrown);
    else this.#parts.log.warning(`Not sent: ${topic}: ${sentenceOf(thrown)}`, { error: thrown });
  }

  #forgetRemoved(topic: string): void {
    if (this.#wanted.get(topic) !== '' || this.#dirty.has(topic) || this.#refused.has(topic)) return;
    this.#wanted.delete(topic);
    this.#sent.delete(topic);
  }

  #tell(topic: string): void {
    for (const resolve of this.#waiting.get(topic) ?? []) resolve();
    this.#waiting.delete(topic);
  }
}
