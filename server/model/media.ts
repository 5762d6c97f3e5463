/** Coded video and audio of a source, as RTP packets: handed from hand to hand like frames, never told as signals. */

/** One stream of packets. */
export interface MediaTrack {
  kind: 'video' | 'audio';
  /** Name of the encoding in upper case as SDP writes it: H264, H265, MPEG4-GENERIC, OPUS, PCMU, PCMA, L16. */
  codec: string;
  payloadType: number;
  /** Ticks of the RTP clock a second. */
  clockRate: number;
  channels: number | undefined;
  /** Parameters of the encoding as SDP writes them, such as `packetization-mode=1; sprop-parameter-sets=…`. */
  format: string;
}

/** The packets of one track that belong to one instant: an access unit of video, or one audio packet. */
export interface MediaUnit {
  /** Index into the tracks. */
  track: number;
  /** Whole RTP packets, 1,400 bytes at most, in order. Shared by all takers: never written to. */
  packets: readonly Buffer[];
  /** The RTP time that all its packets carry. */
  rtpTime: number;
  /** A decoder can begin here. True for each audio packet of a stream without video. */
  isKey: boolean;
  /** Monotonic milliseconds of its arrival. */
  atMs: number;
}

/** What takers are told. */
export interface MediaTaker {
  /** First the units since the newest key unit, in one go; then each as it comes. */
  unit(unit: MediaUnit): void;
  /** The stream is over, or another one with other tracks has taken its place. */
  end(): void;
}

/** A running stream of one source. */
export interface MediaStream {
  readonly tracks: readonly MediaTrack[];
  /** Joins; ends when disposed. */
  take(taker: MediaTaker): Disposable;
}

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
}

/** The movies of all sources. */
export interface MovieBook {
  /** The movie of a source for as long as it is held. Throws why there is none. */
  hold(sourceId: string, signal: AbortSignal): Promise<Movie & Disposable>;
}
