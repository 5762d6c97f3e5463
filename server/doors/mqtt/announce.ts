/** Sends discovery messages: the hub first, only what changed, and takes back what is gone without leaving ghosts. */
import type { Clock } from '#base/clock.ts';
import { GlimpserError, isAbort, sentenceOf } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Connection } from './connection.ts';
import type { DeviceMessage } from './discovery.ts';
import type { Refusals } from './refusals.ts';

/** Home Assistant skips parts of a device's message that follows another too soon. */
const APART_MS = 2000;

/** A discovery message and where it goes. */
export interface Announcement {
  topic: string;
  message: DeviceMessage;
}

/** What the announcer asks for. */
export interface AnnouncerParts {
  /** All that should be announced now, the hub first; empty while discovery is off. */
  wanted(): Announcement[];
  refusals: Pick<Refusals, 'note'>;
  clock: Clock;
  log: Log;
}

/** What the broker holds of ours. */
interface Held {
  text: string;
  /** Platform of each component, by key. */
  platforms: Map<string, string>;
}

/** Keeps the discovery messages on the broker equal to what is wanted. */
export class Announcer implements Disposable {
  readonly #parts: AnnouncerParts;
  readonly #held = new Map<string, Held>();
  /** Topics that are not tried again over this connection. */
  readonly #refused = new Set<string>();
  #connection: { open: Connection; signal: AbortSignal } | undefined;
  #timer: Disposable | undefined;
  #running: Promise<void> = Promise.resolve();
  #isWaiting = false;
  #isForced = false;
  #sentAt = Number.NEGATIVE_INFINITY;

  constructor(parts: AnnouncerParts) {
    this.#parts = parts;
  }

  attach(open: Connection, signal: AbortSignal): void {
    this.#connection = { open, signal };
    this.#refused.clear();
  }

  detach(): void {
    this.#connection = undefined;
  }

  /** Takes over a message of ours that the broker kept from an earlier run. */
  adopt(topic: string, text: string, platforms: Map<string, string>): void {
    if (!this.#held.has(topic)) this.#held.set(topic, { text, platforms });
  }

  /** Announces after changes have come to rest. */
  soon(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#parts.clock.after(APART_MS, () => void this.run(false));
  }

  /** Announces as soon as it may; `isForced` sends unchanged messages too. Never rejects. */
  run(isForced: boolean): Promise<void> {
    this.#isForced ||= isForced;
    if (!this.#isWaiting) {
      this.#isWaiting = true;
      this.#running = this.#running.then(() => this.#turn());
    }
    return this.#running;
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.detach();
  }

  async #turn(): Promise<void> {
    const connection = this.#connection;
    try {
      if (connection) await this.#apart(connection.signal);
      this.#isWaiting = false;
      const isForced = this.#isForced;
      this.#isForced = false;
      if (connection?.open.isOpen) await this.#announce(connection.open, connection.signal, isForced);
    } catch (thrown) {
      this.#isWaiting = false;
      if (!isAbort(thrown)) this.#parts.log.debug(`Announcing stopped: ${sentenceOf(thrown)}`);
    }
  }

  async #apart(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    const waitMs = this.#sentAt + APART_MS - clock.monotonic();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
  }

  async #announce(open: Connection, signal: AbortSignal, isForced: boolean): Promise<void> {
    const reduced = this.#parts.wanted().flatMap(wanted => this.#reduced(wanted) ?? []);
    for (const announcement of reduced) await this.#send(open, announcement);
    if (reduced.length > 0) await this.#apart(signal);
    const wanted = this.#parts.wanted();
    for (const announcement of wanted) {
      const isSame = this.#held.get(announcement.topic)?.text === JSON.stringify(announcement.message);
      if (isForced || !isSame) await this.#send(open, announcement);
    }
    const topics = new Set(wanted.map(({ topic }) => topic));
    for (const topic of [...this.#held.keys()].filter(topic => !topics.has(topic))) {
      await this.#publish(open, topic, '');
      this.#held.delete(topic);
    }
  }

  /** A component that is merely left out would stay: it is first sent with its platform alone. */
  #reduced({ topic, message }: Announcement): Announcement | undefined {
    const held = this.#held.get(topic)?.platforms ?? new Map<string, string>();
    const gone = [...held].filter(([key, platform]) => message.components[key]?.platform !== platform);
    if (gone.length === 0) return undefined;
    const emptied = Object.fromEntries(gone.map(([key, platform]) => [key, { platform }]));
    return { topic, message: { ...message, components: { ...message.components, ...emptied } } };
  }

  async #send(open: Connection, { topic, message }: Announcement): Promise<void> {
    const text = JSON.stringify(message);
    await this.#publish(open, topic, text);
    this.#sentAt = this.#parts.clock.monotonic();
    const kept = Object.entries(message.components).filter(([, component]) => 'unique_id' in component);
    this.#held.set(topic, { text, platforms: new Map(kept.map(([key, { platform }]) => [key, platform])) });
  }

  async #publish(open: Connection, topic: string, text: string): Promise<void> {
    if (this.#refused.has(topic)) return;
    try {
      await open.send(topic, text, { qos: 1, retain: true });
    } catch (thrown) {
      if (!(thrown instanceof GlimpserError)) throw thrown;
      if (thrown.code !== 'broker-refused-topic') this.#parts.log.warning(`Not announced: ${thrown.message}`);
      else {
        this.#refused.add(topic);
        this.#parts.refusals.note('write', topic, thrown);
      }
    }
  }
}
