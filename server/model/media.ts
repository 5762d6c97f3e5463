/** The coded video and audio of sources. The shapes of packets know no source and live below, in base. */
import type { MediaStream } from '#base/rtp/media.ts';

export type { MediaStream, MediaTaker, MediaTrack, MediaUnit } from '#base/rtp/media.ts';

/** Codecs of which movies are made: what browsers play. */
export const MOVIE_CODECS: readonly string[] = ['H264', 'H265'];

/** The streams of all sources. */
export interface MediaBook {
  /**
   * The stream of a source for as long as it is held. One that has none of its own is encoded while somebody holds
   * it. Resolves when its tracks are known; throws why there is none.
   */
  hold(sourceId: string, signal: AbortSignal): Promise<MediaStream & Disposable>;
}

/** A piece of a movie that a player appends: `moof` and `mdat` of fragmented MP4. */
export interface MovieFragment {
  bytes: Buffer;
  /** Playback can begin here. */
  isKey: boolean;
  /** Where it begins on the movie's own clock, in milliseconds. */
  startMs: number;
  durationMs: number;
}

/** What takers of a movie are told. */
export interface MovieTaker {
  /** First the fragments since the newest key fragment, in one go; then each as it comes. */
  fragment(fragment: MovieFragment): void;
  /** The movie is over, or the source changed its format. */
  end(): void;
}

/** The stream of a source as fragmented MP4, made without decoding and once for everybody who watches. */
export interface Movie {
  /** Type with codecs for `MediaSource.isTypeSupported`, such as `video/mp4; codecs="avc1.64001f,mp4a.40.2"`. */
  readonly type: string;
  /** `ftyp` and `moov`. */
  readonly init: Buffer;
  take(taker: MovieTaker): Disposable;
  /** Told by takers that have to leave a group of pictures out for a slow line. */
  dropped?(): void;
}

/** The movies of all sources. */
export interface MovieBook {
  /** The movie of a source for as long as it is held. Throws why there is none. */
  hold(sourceId: string, signal: AbortSignal): Promise<Movie & Disposable>;
}
