/** Turns the units of a stream into a movie: its beginning, and one fragment for each picture. */
import { writeFragment } from '#base/mp4/fragment.ts';
import { initSegment, type Mp4Track } from '#base/mp4/init.ts';
import type { VideoDescription } from '#base/mp4/video-coding.ts';
import type { MediaUnit, MovieFragment } from '#model/media.ts';
import type { AudioLine } from './audio-line.ts';
import type { VideoLine } from './video-line.ts';

const VIDEO = 1;
const AUDIO = 2;
/** A track of the movie that gets nothing for so long holds every player up. */
const DRY_MS = 3000;

/** The lines of a stream, with their places in its list of tracks. */
export interface Lines {
  video: { index: number; line: VideoLine };
  audio: { index: number; line: AudioLine } | undefined;
}

/** Makes fragments. */
export class Muxer {
  readonly type: string;
  readonly init: Buffer;
  readonly #lines: Lines;
  #sequence = 0;
  #heardMs: number;

  /** `originMs`: when the first unit arrived. */
  constructor(lines: Lines, description: VideoDescription, originMs: number) {
    this.#lines = lines;
    this.#heardMs = originMs;
    lines.video.line.begin(originMs);
    lines.audio?.line.begin(originMs);
    const codecs = [description.codec, lines.audio?.line.coding.codec].filter(codec => codec !== undefined);
    this.type = `video/mp4; codecs="${codecs.join(',')}"`;
    this.init = initSegment(tracksOf(lines, description));
  }

  /** What a unit gives: a fragment, nothing yet, or the end, because another beginning would be needed. */
  read(unit: MediaUnit): MovieFragment | 'over' | undefined {
    const { video, audio } = this.#lines;
    if (audio && unit.track === audio.index) {
      this.#heardMs = unit.atMs;
      audio.line.read(unit);
    }
    return unit.track === video.index ? this.#readVideo(unit) : undefined;
  }

  #readVideo(unit: MediaUnit): MovieFragment | 'over' | undefined {
    const { video, audio } = this.#lines;
    if (audio && unit.atMs - this.#heardMs > DRY_MS) return 'over';
    const placed = video.line.read(unit);
    if (placed === 'changed') return 'over';
    if (!placed) return undefined;
    const { decodeTime, sample } = placed;
    const runs = [
      { trackId: VIDEO, decodeTime, samples: [sample] },
      ...(audio ? [audio.line.takeRun(AUDIO)] : []),
    ];
    const ms = (ticks: number) => (ticks * 1000) / video.line.track.clockRate;
    return {
      bytes: writeFragment(++this.#sequence, runs),
      isKey: sample.isSync,
      startMs: ms(decodeTime),
      durationMs: ms(sample.duration),
    };
  }
}

function tracksOf({ video, audio }: Lines, { width, height, sampleEntry }: VideoDescription): Mp4Track[] {
  const pictures: Mp4Track = {
    id: VIDEO,
    kind: 'video',
    timescale: video.line.track.clockRate,
    ...{ width, height, sampleEntry },
  };
  if (!audio) return [pictures];
  const { track, coding } = audio.line;
  const sound = { id: AUDIO, kind: 'audio' as const, timescale: track.clockRate, width: 0, height: 0 };
  return [pictures, { ...sound, sampleEntry: coding.sampleEntry }];
}
