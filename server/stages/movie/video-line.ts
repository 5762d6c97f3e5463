/** Pictures of a stream as samples of a movie. */
import type { Mp4Sample } from '#base/mp4/fragment.ts';
import { h264 } from '#base/mp4/h264.ts';
import { h265 } from '#base/mp4/h265.ts';
import type { VideoCoding, VideoDescription } from '#base/mp4/video-coding.ts';
import { readRtp } from '#base/rtp/packet.ts';
import type { MediaTrack, MediaUnit } from '#model/media.ts';
import { DecodeOrder } from './decode-order.ts';
import { readFormat } from './format-words.ts';
import { TrackClock } from './track-clock.ts';

const CODINGS: Readonly<Record<string, VideoCoding>> = { H264: h264, H265: h265 };
/** What the first picture is said to last: how long it really does is known with the second. */
const FIRST_MS = 40;

/** A sample with its instant. */
export interface PlacedSample {
  decodeTime: number;
  sample: Mp4Sample;
}

/** The coding of a track; undefined for one that no browser plays. */
export function videoCodingOf(track: MediaTrack): VideoCoding | undefined {
  return track.kind === 'video' ? CODINGS[track.codec] : undefined;
}

/** Reads one track of video. */
export class VideoLine {
  readonly track: MediaTrack;
  readonly #coding: VideoCoding;
  #parameters = new Map<string, Buffer>();
  readonly #firstTicks: number;
  #order: DecodeOrder;
  #clock: TrackClock | undefined;
  #endTime = 0;
  #lastDecoding: number | undefined;

  constructor(track: MediaTrack, coding: VideoCoding) {
    this.track = track;
    this.#coding = coding;
    this.#firstTicks = Math.round((FIRST_MS * track.clockRate) / 1000);
    this.#order = new DecodeOrder(0, this.#firstTicks);
    this.#parameters = this.#setsIn(coding.givenParameters(readFormat(track.format)));
  }

  /** What the stream says of itself with this unit taken in; undefined while something is missing. */
  describe(unit: MediaUnit): VideoDescription | undefined {
    const own = this.#setsIn(this.#partsOf(unit));
    // Cameras are known to describe in SDP what they sent before a change; what is in the stream is right.
    const isWhole = this.#coding.describe(own) !== undefined;
    this.#parameters = isWhole ? own : new Map([...this.#parameters, ...own]);
    const description = this.#coding.describe(this.#parameters);
    this.#order = new DecodeOrder(description?.reorder ?? 0, this.#firstTicks);
    return description;
  }

  /** Sets the instant at which the movie begins. */
  begin(originMs: number): void {
    this.#clock = new TrackClock(this.track.clockRate, originMs);
  }

  /** The sample of a unit; `changed` when it needs another description, undefined when nothing of it is whole. */
  read(unit: MediaUnit): PlacedSample | 'changed' | undefined {
    const parts = this.#partsOf(unit);
    if (parts.some(part => this.#isNew(part))) return 'changed';
    const pictures = parts.filter(part => this.#coding.isPicture(part));
    if (pictures.length === 0 || !this.#clock) return undefined;
    const shownAt = this.#clock.place(unit.rtpTime, unit.atMs);
    const data = pictures.flatMap(part => [lengthOf(part), part]);
    return this.#place(shownAt, data, unit.isKey);
  }

  /**
   * A picture is shown for as long as the one before it took. Its own length would be known only when the next one
   * comes, and waiting for that would put the whole movie one picture behind.
   */
  #place(shownAt: number, data: Buffer[], isSync: boolean): PlacedSample {
    const decodedAt = this.#order.next(shownAt);
    const last = this.#lastDecoding;
    const duration = last === undefined ? this.#firstTicks : decodedAt - last;
    this.#lastDecoding = decodedAt;
    const decodeTime = this.#endTime;
    this.#endTime += duration;
    const offset = this.#order.isReordered ? shownAt + this.#firstTicks - decodeTime : 0;
    return { decodeTime, sample: { data, duration, offset, isSync } };
  }

  #partsOf(unit: MediaUnit): Buffer[] {
    const packets = unit.packets.map(readRtp).filter(packet => packet !== undefined);
    return this.#coding.unitsOf(packets);
  }

  #setsIn(parts: readonly Buffer[]): Map<string, Buffer> {
    const named = parts.map(part => [this.#coding.parameterOf(part), part] as const);
    return new Map(named.filter((pair): pair is readonly [string, Buffer] => pair[0] !== undefined));
  }

  #isNew(part: Buffer): boolean {
    const name = this.#coding.parameterOf(part);
    return name !== undefined && this.#parameters.get(name)?.equals(part) !== true;
  }
}

function lengthOf(part: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(part.length);
  return bytes;
}
