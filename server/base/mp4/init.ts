/** The beginning of a fragmented MP4: what its tracks are, and no picture yet. */
import { box, fullBox, u8, u16, u32, zeros } from './box.ts';

/** A track as the beginning describes it. */
export interface Mp4Track {
  /** From 1. */
  id: number;
  kind: 'video' | 'audio';
  /** Ticks a second. */
  timescale: number;
  /** In pixels; 0 for audio. */
  width: number;
  height: number;
  /** The box that tells decoders what comes, such as `avc1`. */
  sampleEntry: Buffer;
}

const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const MOVIE_TIMESCALE = 1000;
/** `und`, packed into three times five bits. */
const NO_LANGUAGE = 0x55c4;

/** `ftyp` and `moov`. */
export function initSegment(tracks: readonly Mp4Track[]): Buffer {
  const brands = Buffer.from('iso5\0\0\x02\0iso5iso6mp41', 'latin1');
  const mvex = box('mvex', ...tracks.map(track => fullBox('trex', 0, 0, u32(track.id, 1, 0, 0, 0))));
  return Buffer.concat([
    box('ftyp', brands),
    box('moov', movieHeader(tracks.length), ...tracks.map(trackBox), mvex),
  ]);
}

function movieHeader(tracks: number): Buffer {
  const rateAndVolume = Buffer.concat([u32(0x10000), u16(0x100), zeros(10)]);
  return fullBox(
    'mvhd',
    0,
    0,
    u32(0, 0, MOVIE_TIMESCALE, 0),
    rateAndVolume,
    MATRIX,
    zeros(24),
    u32(tracks + 1),
  );
}

function trackBox(track: Mp4Track): Buffer {
  const volume = track.kind === 'audio' ? 0x100 : 0;
  const header = fullBox(
    'tkhd',
    0,
    3,
    u32(0, 0, track.id, 0, 0, 0, 0),
    u16(0, 0, volume, 0),
    MATRIX,
    u32(track.width * 0x10000, track.height * 0x10000),
  );
  return box('trak', header, mediaBox(track));
}

function mediaBox({ kind, timescale, sampleEntry }: Mp4Track): Buffer {
  const isVideo = kind === 'video';
  const handler = Buffer.from(`\0\0\0\0${isVideo ? 'vide' : 'soun'}`, 'latin1');
  const mediaHeader = isVideo ? fullBox('vmhd', 0, 1, zeros(8)) : fullBox('smhd', 0, 0, zeros(4));
  const dataInfo = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)));
  return box(
    'mdia',
    fullBox('mdhd', 0, 0, u32(0, 0, timescale, 0), u16(NO_LANGUAGE, 0)),
    fullBox('hdlr', 0, 0, handler, zeros(12), u8(0)),
    box('minf', mediaHeader, dataInfo, sampleTable(sampleEntry)),
  );
}

/** Empty but for the description: samples come in fragments. */
function sampleTable(sampleEntry: Buffer): Buffer {
  return box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), sampleEntry),
    fullBox('stts', 0, 0, u32(0)),
    fullBox('stsc', 0, 0, u32(0)),
    fullBox('stsz', 0, 0, u32(0, 0)),
    fullBox('stco', 0, 0, u32(0)),
  );
}
