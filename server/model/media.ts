/** The coded video and audio of sources. The shapes of packets know no source and live below, in base. */
import type { MediaStream } from '#base/rtp/media.ts';

export type { MediaStream, MediaTaker, MediaTrack, MediaUnit } from '#base/rtp/media.ts';

/** The streams of all sources. */
export interface MediaBook {
  /**
   * The stream of a source for as long as it is held. One that has none of its own is encoded while somebody holds
   * it. Resolves when its tracks are known; throws why there is none.
   */
  hold(sourceId: string, signal: AbortSignal): Promise<MediaStream & Disposable>;
}
