/** The coded streams of all sources: those that cameras give are handed on, the others are encoded while somebody watches. */
import type { Clock } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import type { Inlet } from '#base/inlet.ts';
import type { MediaStream } from '#base/rtp/media.ts';
import type { MediaPort, Publication } from '#base/rtsp/media-port.ts';
import { type MediaBook, MOVIE_CODECS } from '#model/media.ts';
import type { Watching } from '#model/services.ts';
import type { Source } from '#model/source.ts';
import { Running } from './running.ts';

/** What streams are made of. */
export interface StreamsParts {
  clock: Clock;
  port: Pick<MediaPort, 'publish' | 'reader'>;
  watching: Pick<Watching, 'hold'>;
  find(sourceId: string): Source | undefined;
  /** True when a source gives a coded stream of its own. */
  hasVideo(source: Source): boolean;
  /** Encodes pictures of a source for as long as it is held. */
  encode(sourceId: string): Disposable;
  /** Told each time that a slow taker of a stream lost a group of pictures. */
  dropped(sourceId: string): void;
}

/** The streams of a hub. */
export interface Streams extends MediaBook {
  /** Where the coded stream of a source is handed over. */
  inlet(sourceId: string): Inlet;
  /** Where pictures of a source are handed over that we encode. */
  encoded(sourceId: string): Inlet;
  /** False for a source that sends no video that browsers play: known by its kind, or by what it sent last. */
  hasMovie(sourceId: string): boolean;
}

/** Makes the streams of a hub. */
export function createStreams(parts: StreamsParts): Streams {
  return new StreamBook(parts);
}

class StreamBook implements Streams {
  readonly #parts: StreamsParts;
  readonly #running = new Map<string, Running>();
  /** Sources whose own stream cannot be handed on; they are encoded like those that have none. */
  readonly #unfit = new Set<string>();

  constructor(parts: StreamsParts) {
    this.#parts = parts;
  }

  inlet(sourceId: string): Inlet {
    return {
      ...this.encoded(sourceId),
      publish: () => {
        this.#unfit.delete(sourceId);
        return this.#publish(sourceId);
      },
      unfit: () => {
        this.#unfit.add(sourceId);
        this.#running.get(sourceId)?.refuse();
      },
    };
  }

  encoded(sourceId: string): Inlet {
    return {
      publish: () => this.#publish(sourceId),
      reader: stream => this.#parts.port.reader(stream),
    };
  }

  hasMovie(sourceId: string): boolean {
    const source = this.#parts.find(sourceId);
    if (!source || !this.#hasOwn(source)) return false;
    const tracks = this.#running.get(sourceId)?.tracks;
    return tracks?.some(({ codec }) => MOVIE_CODECS.includes(codec)) ?? true;
  }

  async hold(sourceId: string, signal: AbortSignal): Promise<MediaStream & Disposable> {
    const { find, watching, encode } = this.#parts;
    const source = find(sourceId);
    if (!source) throw new GlimpserError('not-found', `There is no source “${sourceId.slice(0, 40)}”.`);
    if (!source.enabled) {
      throw new GlimpserError('source-disabled', `${source.name} is switched off. Switch it on first.`);
    }
    const isOwn = this.#hasOwn(source);
    const held = isOwn ? watching.hold(sourceId) : encode(sourceId);
    try {
      const stream = await this.#runningOf(sourceId).next(source.name, signal);
      return {
        tracks: stream.tracks,
        take: taker => stream.take(taker),
        dropped: () => this.#parts.dropped(sourceId),
        [Symbol.dispose]: () => held[Symbol.dispose](),
      };
    } catch (thrown) {
      held[Symbol.dispose]();
      // Now that it is known to have none of its own, it is encoded.
      if (isOwn && !this.#hasOwn(source) && !signal.aborted) return this.hold(sourceId, signal);
      throw thrown;
    }
  }

  #hasOwn(source: Source): boolean {
    return this.#parts.hasVideo(source) && !this.#unfit.has(source.id);
  }

  #publish(sourceId: string): Publication {
    const publication = this.#parts.port.publish();
    const running = this.#runningOf(sourceId);
    publication.stream.then(
      stream => running.begin(stream),
      // Whoever pushes knows why it ended; whoever waits goes on waiting for the next push.
      () => undefined,
    );
    return publication;
  }

  #runningOf(sourceId: string): Running {
    const known = this.#running.get(sourceId);
    if (known) return known;
    const running = new Running(this.#parts.clock, () => this.#running.delete(sourceId));
    this.#running.set(sourceId, running);
    return running;
  }
}
