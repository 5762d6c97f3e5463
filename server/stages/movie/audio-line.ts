/** Sound of a stream as samples of a movie. */
import { type AudioCoding, aacCoding, opusCoding } from '#base/mp4/audio-coding.ts';
import type { Mp4Sample, TrackRun } from '#base/mp4/fragment.ts';
import { readRtp } from '#base/rtp/packet.ts';
import type { MediaTrack, MediaUnit } from '#model/media.ts';
import { readFormat } from './format-words.ts';
import { TrackClock } from './track-clock.ts';

/** How far sound may be from its place before it is put right; less is the jitter of packets. */
const DRIFT_S = 0.1;
const PENDING_MOST = 500;

/** The coding of a track; undefined for one that an MP4 does not carry to browsers. */
export function audioCodingOf({
  kind,
  codec,
  format,
  channels,
  clockRate,
}: MediaTrack): AudioCoding | undefined {
  if (kind !== 'audio') return undefined;
  if (codec === 'MPEG4-GENERIC') return aacCoding(readFormat(format), clockRate);
  return codec === 'OPUS' ? opusCoding(channels ?? 2) : undefined;
}

/** Reads one track of sound, and keeps what is read until the next picture takes it along. */
export class AudioLine {
  readonly track: MediaTrack;
  readonly coding: AudioCoding;
  #clock: TrackClock | undefined;
  #endTime = 0;
  #pending: Mp4Sample[] = [];
  #pendingFrom = 0;

  constructor(track: MediaTrack, coding: AudioCoding) {
    this.track = track;
    this.coding = coding;
  }

  /** Sets the instant at which the movie begins. */
  begin(originMs: number): void {
    this.#clock = new TrackClock(this.track.clockRate, originMs);
  }

  /** Takes a packet in. */
  read(unit: MediaUnit): void {
    for (const bytes of unit.packets) {
      const packet = readRtp(bytes);
      if (packet && this.#clock) this.#take(packet.payload, this.#clock.place(unit.rtpTime, unit.atMs));
    }
  }

  /** What was read since the last call, on the track `trackId`. */
  takeRun(trackId: number): TrackRun {
    const run = { trackId, decodeTime: this.#pendingFrom, samples: this.#pending };
    this.#pending = [];
    return run;
  }

  /** Samples follow each other without a hole, as players want it; a loss makes the one after it longer. */
  #take(payload: Buffer, placedAt: number): void {
    let place = placedAt;
    for (const { data, duration } of this.coding.framesOf(payload)) {
      const drift = place - this.#endTime;
      place += duration;
      const isFar = Math.abs(drift) > DRIFT_S * this.track.clockRate;
      if (isFar && drift < 0) continue;
      this.#add({ data: [data], duration: isFar ? duration + drift : duration, offset: 0, isSync: true });
    }
  }

  #add(sample: Mp4Sample): void {
    if (this.#pending.length >= PENDING_MOST) this.#pending = [];
    if (this.#pending.length === 0) this.#pendingFrom = this.#endTime;
    this.#pending.push(sample);
    this.#endTime += sample.duration;
  }
}
