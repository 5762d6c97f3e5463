/** One stream of one source for all who look at it: a part is made once and handed to every viewer. */
import type { Clock } from '#base/clock.ts';
import { mjpegPart } from './mjpeg-part.ts';
import type { Viewer } from './mjpeg-viewer.ts';

/** A picture to show while nothing comes. */
export interface Still {
  image: Buffer;
  at: number;
}

/** What a broadcast is made of. */
export interface BroadcastParts {
  clock: Clock;
  /** Calls back for every new JPEG. */
  listen(call: (picture: Still) => void): Disposable;
  /** What can be shown now: the newest picture, or one that says why there is none. */
  still(): Promise<Still>;
  /** Called when the last viewer has left. */
  onEmpty(): void;
}

const REPEAT_MS = 5000;
const STUCK_MS = 30_000;

/** The stream. */
export class Broadcast {
  readonly #parts: BroadcastParts;
  readonly #viewers = new Set<Viewer>();
  readonly #ear: Disposable;
  #newest: Buffer | undefined;
  #newestMs = Number.NEGATIVE_INFINITY;
  #tick: Disposable | undefined;

  constructor(parts: BroadcastParts) {
    this.#parts = parts;
    this.#ear = parts.listen(picture => this.#put(picture));
    this.#wait();
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Adds a viewer, who gets a picture at once. */
  join(viewer: Viewer): Disposable {
    this.#viewers.add(viewer);
    const nowMs = this.#parts.clock.monotonic();
    if (this.#newest && nowMs - this.#newestMs < REPEAT_MS) viewer.offer(this.#newest, nowMs);
    else void this.#showStill([viewer]);
    return {
      [Symbol.dispose]: () => {
        if (this.#viewers.delete(viewer) && this.#viewers.size === 0) this.#close();
      },
    };
  }

  /** Ends every viewer. */
  end(): void {
    for (const viewer of this.#viewers) viewer.end();
  }

  #put({ image, at }: Still): void {
    const part = mjpegPart(image, at);
    const nowMs = this.#parts.clock.monotonic();
    this.#newest = part;
    this.#newestMs = nowMs;
    for (const viewer of this.#viewers) viewer.offer(part, nowMs);
  }

  /** Repeats the picture while nothing comes, so that a player sees that the stream lives. */
  #wait(): void {
    this.#tick = this.#parts.clock.after(REPEAT_MS, () => {
      this.#endStuck();
      if (this.#parts.clock.monotonic() - this.#newestMs >= REPEAT_MS) void this.#showStill(this.#viewers);
      this.#wait();
    });
  }

  async #showStill(viewers: Iterable<Viewer>): Promise<void> {
    const beganMs = this.#parts.clock.monotonic();
    const still = await this.#parts.still();
    // A picture that came meanwhile is newer.
    if (this.#newestMs >= beganMs) return;
    const part = mjpegPart(still.image, still.at);
    for (const viewer of viewers) {
      if (this.#viewers.has(viewer)) viewer.send(part, this.#parts.clock.monotonic());
    }
  }

  /** A reader that is gone without a word would keep its part for ever. */
  #endStuck(): void {
    const nowMs = this.#parts.clock.monotonic();
    for (const viewer of this.#viewers) {
      if (viewer.stuckForMs(nowMs) >= STUCK_MS) viewer.end();
    }
  }

  #close(): void {
    this.#tick?.[Symbol.dispose]();
    this.#tick = undefined;
    this.#ear[Symbol.dispose]();
    this.#newest = undefined;
    this.#parts.onEmpty();
  }
}
