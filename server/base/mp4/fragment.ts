/** One fragment of an MP4: a `moof` that says what comes, and the `mdat` with the samples themselves. */
import { box, fullBox, u32, u64 } from './box.ts';

/** One picture or one piece of sound. */
export interface Mp4Sample {
  /** Its bytes, in pieces that are copied once. */
  data: readonly Buffer[];
  /** In ticks of its track. */
  duration: number;
  /** Ticks from decoding to showing; may be below zero. */
  offset: number;
  /** A decoder can begin here. */
  isSync: boolean;
}

/** Samples of one track that follow each other. */
export interface TrackRun {
  trackId: number;
  /** When the first is decoded, in ticks of the track. */
  decodeTime: number;
  samples: readonly Mp4Sample[];
}

/** The data begins where the `moof` does, so that a fragment can be cut out and put anywhere. */
const DEFAULT_BASE_IS_MOOF = 0x20000;
/** Data offset, and per sample: duration, size, flags, composition offset. */
const RUN_FLAGS = 0x1 | 0x100 | 0x200 | 0x400 | 0x800;
const SYNC = 0x02000000;
const NOT_SYNC = 0x01010000;
const MDAT_HEAD_BYTES = 8;

/** Writes a fragment. Runs without samples are left out. */
export function writeFragment(sequence: number, runs: readonly TrackRun[]): Buffer {
  const full = runs.filter(run => run.samples.length > 0);
  // The data offsets do not change the length, so that a first pass with zeros tells it.
  const { length } = moof(
    sequence,
    full.map(run => ({ run, dataOffset: 0 })),
  );
  let dataOffset = length + MDAT_HEAD_BYTES;
  const placed = full.map(run => {
    const at = dataOffset;
    dataOffset += run.samples.reduce((bytes, sample) => bytes + sizeOf(sample), 0);
    return { run, dataOffset: at };
  });
  const head = Buffer.concat([u32(dataOffset - length), Buffer.from('mdat', 'latin1')]);
  const data = full.flatMap(run => run.samples.flatMap(sample => sample.data));
  return Buffer.concat([moof(sequence, placed), head, ...data]);
}

interface PlacedRun {
  run: TrackRun;
  dataOffset: number;
}

function moof(sequence: number, runs: readonly PlacedRun[]): Buffer {
  return box('moof', fullBox('mfhd', 0, 0, u32(sequence)), ...runs.map(trackFragment));
}

function trackFragment({ run, dataOffset }: PlacedRun): Buffer {
  const { trackId, decodeTime, samples } = run;
  return box(
    'traf',
    fullBox('tfhd', 0, DEFAULT_BASE_IS_MOOF, u32(trackId)),
    fullBox('tfdt', 1, 0, u64(decodeTime)),
    fullBox('trun', 1, RUN_FLAGS, u32(samples.length, dataOffset), ...samples.map(sampleRow)),
  );
}

function sampleRow(sample: Mp4Sample): Buffer {
  const row = Buffer.allocUnsafe(16);
  row.writeUInt32BE(sample.duration, 0);
  row.writeUInt32BE(sizeOf(sample), 4);
  row.writeUInt32BE(sample.isSync ? SYNC : NOT_SYNC, 8);
  row.writeInt32BE(sample.offset, 12);
  return row;
}

function sizeOf({ data }: Mp4Sample): number {
  return data.reduce((bytes, piece) => bytes + piece.length, 0);
}
