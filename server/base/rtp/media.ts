/** Coded video and audio, as RTP packets: handed from hand to hand, never told as signals. */

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
  /** When it is to be seen or heard: monotonic milliseconds on a clock that all tracks of the stream share, if known. */
  dueMs?: number;
}

/** What takers are told. */
export interface MediaTaker {
  /** First the units since the newest key unit, in one go; then each as it comes. */
  unit(unit: MediaUnit): void;
  /** The stream is over, or another one with other tracks has taken its place. */
  end(): void;
}

/** A running stream. */
export interface MediaStream {
  readonly tracks: readonly MediaTrack[];
  /** Joins; ends when disposed. */
  take(taker: MediaTaker): Disposable;
  /** Told by takers that have to leave a group of pictures out for a slow receiver. */
  dropped?(): void;
}
