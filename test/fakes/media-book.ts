/** A book of streams that tests fill by hand. */
import { GlimpserError } from '#server/base/errors.ts';
import type { MediaBook, MediaStream } from '#server/model/media.ts';

/** Streams by source id. */
export class FakeMediaBook implements MediaBook {
  readonly streams = new Map<string, MediaStream>();
  /** How many hold a stream now. */
  held = 0;
  /** How often a group was left out for a slow receiver. */
  dropped = 0;

  async hold(sourceId: string): Promise<MediaStream & Disposable> {
    const stream = this.streams.get(sourceId);
    if (!stream) throw new GlimpserError('not-found', `There is no stream ${sourceId}.`);
    this.held++;
    return {
      tracks: stream.tracks,
      take: taker => stream.take(taker),
      dropped: () => void this.dropped++,
      [Symbol.dispose]: () => void this.held--,
    };
  }
}
