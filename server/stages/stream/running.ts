/** The stream of one source as it is now, and those who wait for it to begin. */
import type { Clock } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import type { MediaStream, MediaTrack } from '#base/rtp/media.ts';

/** So long it may take to reach a camera, or to wake it. */
export const STREAM_WAIT_MS = 20_000;

/** One source's place. */
export class Running {
  readonly #clock: Clock;
  readonly #empty: () => void;
  readonly #waiting = new Map<(stream: MediaStream) => void, () => void>();
  #stream: MediaStream | undefined;

  /** `empty` is called when there is neither a stream nor anybody who waits for one. */
  constructor(clock: Clock, empty: () => void) {
    this.#clock = clock;
    this.#empty = empty;
  }

  /** What the stream consists of; undefined while there is none. */
  get tracks(): readonly MediaTrack[] | undefined {
    return this.#stream?.tracks;
  }

  /** A stream began; it takes the place of the one before. */
  begin(stream: MediaStream): void {
    this.#stream = stream;
    stream.take({
      unit: () => undefined,
      end: () => {
        if (this.#stream !== stream) return;
        this.#stream = undefined;
        this.#leave();
      },
    });
    for (const resolve of this.#waiting.keys()) resolve(stream);
  }

  /** None will begin: whoever waits is told at once. */
  refuse(): void {
    for (const refuse of this.#waiting.values()) refuse();
  }

  /** The running stream, or the next one that begins. Throws `source-silent` when none does. */
  async next(name: string, signal: AbortSignal): Promise<MediaStream> {
    signal.throwIfAborted();
    if (this.#stream) return this.#stream;
    const { promise, resolve, reject } = Promise.withResolvers<MediaStream>();
    using _late = this.#clock.after(STREAM_WAIT_MS, () => reject(noStream(name)));
    const stop = () => reject(signal.reason);
    this.#waiting.set(resolve, () => reject(noStream(name)));
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', stop);
      this.#waiting.delete(resolve);
      this.#leave();
    }
  }

  #leave(): void {
    if (this.#stream === undefined && this.#waiting.size === 0) this.#empty();
  }
}

function noStream(name: string): GlimpserError {
  return new GlimpserError(
    'source-silent',
    `${name} gives no video now. Its state says why; try again when it is online.`,
  );
}
