/** Sends pictures: one at a time, the newest of each source, always under the packet limit. */
import type { Clock } from '#base/clock.ts';
import { isAbort, sentenceOf } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Frame, PictureType } from '#model/frame.ts';
import type { Watching } from '#model/services.ts';
import { type Connection, packetBytes } from './connection.ts';
import { fitPicture } from './picture.ts';
import { Throttle } from './throttle.ts';

/** Where pictures of a source go. */
export interface ImageTarget {
  topic: string;
  /** What is taken; undefined: as it comes. */
  as?: PictureType;
}

/** What people set. */
export interface ImagePreferences {
  isRetained: boolean;
  everyMs: number;
  maxPacketBytes: number;
}

/** What pictures are read from. */
export interface ImagesParts {
  watching: Pick<Watching, 'latest'>;
  preferences(): ImagePreferences;
  /** Empty for a source that does not exist any more. */
  targetsOf(frame: Frame): ImageTarget[];
  clock: Clock;
  log: Log;
}

/** How many pictures were sent since the start, and why some were not. */
export interface ImageFigures {
  sent: number;
  shrunk: number;
  skipped: number;
  /** Why the last one was skipped, in words. */
  lastSkip: string | null;
}

/** Sends what is wanted while a connection is attached, and nothing while there is none. */
export class Images implements Disposable {
  readonly figures: ImageFigures = { sent: 0, shrunk: 0, skipped: 0, lastSkip: null };
  readonly #parts: ImagesParts;
  readonly #throttle: Throttle;
  readonly #queue = new Set<string>();
  readonly #sentAt = new Map<string, number>();
  /** Per source, the step that each topic needed last. */
  readonly #steps = new Map<string, Map<string, number>>();
  readonly #skipping = new Set<string>();
  #connection: Connection | undefined;
  #isPumping = false;

  constructor(parts: ImagesParts) {
    this.#parts = parts;
    const everyMs = () => parts.preferences().everyMs;
    const call = (id: string) => this.#enqueue(id);
    this.#throttle = new Throttle({ clock: parts.clock, everyMs, call });
  }

  /** True when the broker keeps the last picture of each source. */
  get areKept(): boolean {
    return this.#parts.preferences().isRetained;
  }

  attach(connection: Connection): void {
    this.#connection = connection;
  }

  detach(): void {
    this.#connection = undefined;
    this.#queue.clear();
  }

  /** A new picture came: it is sent when the last one is old enough. */
  captured(sourceId: string): void {
    if (this.#connection) this.#throttle.soon(sourceId);
  }

  /** Sends the newest picture without waiting; the same picture too when `isAgain`. */
  now(sourceId: string, isAgain = false): void {
    if (isAgain) this.#sentAt.delete(sourceId);
    if (this.#connection) this.#throttle.now(sourceId);
  }

  forget(sourceId: string): void {
    this.#throttle.forget(sourceId);
    this.#queue.delete(sourceId);
    this.#sentAt.delete(sourceId);
    this.#steps.delete(sourceId);
    this.#skipping.delete(sourceId);
  }

  [Symbol.dispose](): void {
    this.detach();
    this.#throttle[Symbol.dispose]();
  }

  #enqueue(id: string): void {
    this.#queue.add(id);
    if (!this.#isPumping) void this.#pump();
  }

  async #pump(): Promise<void> {
    this.#isPumping = true;
    for (const id of this.#queue) {
      this.#queue.delete(id);
      const frame = this.#parts.watching.latest(id);
      if (frame && frame.at !== this.#sentAt.get(id)) await this.#sendFrame(frame);
    }
    this.#isPumping = false;
  }

  async #sendFrame(frame: Frame): Promise<void> {
    this.#sentAt.set(frame.sourceId, frame.at);
    for (const target of this.#parts.targetsOf(frame)) {
      try {
        await this.#sendTo(frame, target);
      } catch (thrown) {
        if (this.#connection?.isOpen && !isAbort(thrown)) this.#skip(frame, sentenceOf(thrown));
      }
    }
  }

  async #sendTo(frame: Frame, { topic, as = frame.type }: ImageTarget): Promise<void> {
    const connection = this.#connection;
    if (!connection) return;
    const { isRetained, maxPacketBytes } = this.#parts.preferences();
    const maxBytes = Math.min(maxPacketBytes, connection.maxPacketBytes) - packetBytes(topic, '');
    // One step back each time, so that a picture that became simpler gets its quality back.
    const steps = this.#steps.get(frame.sourceId) ?? new Map<string, number>();
    const step = (steps.get(topic) ?? 0) - 1;
    const { image, type, width } = frame;
    const fitted = await fitPicture({ image, width, from: type, as, maxBytes, step });
    if (!fitted) return this.#skip(frame, `it does not fit into ${maxBytes} bytes, however small it is made`);
    this.#steps.set(frame.sourceId, steps.set(topic, fitted.step));
    const isGone = !this.#parts.targetsOf(frame).some(target => target.topic === topic);
    if (isGone || this.#connection !== connection) return;
    await connection.send(topic, fitted.image, { qos: 0, retain: isRetained });
    this.figures.sent++;
    if (fitted.step >= 0) this.figures.shrunk++;
    this.#skipping.delete(frame.sourceId);
  }

  #skip(frame: Frame, why: string): void {
    this.figures.skipped++;
    this.figures.lastSkip = `A picture of ${frame.sourceId} (${frame.image.length} bytes) was not sent over MQTT: ${why}.`;
    if (this.#skipping.has(frame.sourceId)) return;
    this.#skipping.add(frame.sourceId);
    this.#parts.log.warning(this.figures.lastSkip);
  }
}
