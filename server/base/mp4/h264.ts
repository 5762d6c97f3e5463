/** H.264 in MP4: the size of the picture, the description for decoders, and which units belong to a picture. */
import { h264Units } from '#base/rtp-payload/h264.ts';
import { Bits, withoutEscapes } from './bits.ts';
import { box, u8 } from './box.ts';
import { readReorder } from './h264-vui.ts';
import { checkSize, setsNamed, type VideoCoding, videoEntry, withLength } from './video-coding.ts';

const SPS = 7;
const PPS = 8;
const PICTURES = new Set([1, 2, 3, 4, 5]);
/** Profiles whose parameter sets tell the colour format. */
const HIGH = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134]);

/** H.264. */
export const h264: VideoCoding = {
  unitsOf: h264Units,
  parameterOf(unit) {
    if (typeOf(unit) === SPS) return `sps ${new Bits(withoutEscapes(unit.subarray(4, 16))).golomb()}`;
    return typeOf(unit) === PPS
      ? `pps ${new Bits(withoutEscapes(unit.subarray(1, 12))).golomb()}`
      : undefined;
  },
  isPicture: unit => PICTURES.has(typeOf(unit)),
  givenParameters: format =>
    (format.get('sprop-parameter-sets') ?? '')
      .split(',')
      .map(text => Buffer.from(text, 'base64'))
      .filter(unit => unit.length > 3),
  describe(parameters) {
    const [spss, ppss] = [setsNamed(parameters, 'sps'), setsNamed(parameters, 'pps')];
    const [sps] = spss;
    if (!sps || ppss.length === 0) return undefined;
    const shape = readH264Sps(sps);
    const codec = `avc1.${sps.toString('hex', 1, 4)}`;
    return { ...shape, codec, sampleEntry: videoEntry('avc1', shape, avcC(shape, spss, ppss)) };
  },
};

function typeOf(unit: Buffer): number {
  return (unit[0] ?? 0) & 31;
}

interface Shape {
  width: number;
  height: number;
  profile: number;
  chroma: number;
  lumaBits: number;
  chromaBits: number;
  reorder: number;
}

function avcC(shape: Shape, spss: readonly Buffer[], ppss: readonly Buffer[]): Buffer {
  const [sps = Buffer.alloc(4)] = spss;
  const { profile, chroma, lumaBits, chromaBits } = shape;
  return box(
    'avcC',
    Buffer.concat([u8(1), sps.subarray(1, 4), u8(0xff, 0xe0 + spss.length)]),
    ...spss.map(withLength),
    u8(ppss.length),
    ...ppss.map(withLength),
    HIGH.has(profile) ? u8(0xfc + chroma, 0xf8 + lumaBits - 8, 0xf8 + chromaBits - 8, 0) : u8(),
  );
}

/** Size and colour of a sequence parameter set. Throws RangeError when it cannot be right. */
export function readH264Sps(sps: Buffer): Shape {
  const bits = new Bits(withoutEscapes(sps.subarray(1)));
  const profile = bits.read(8);
  bits.skip(16);
  bits.golomb();
  const colour = HIGH.has(profile)
    ? readColour(bits)
    : { chroma: 1, lumaBits: 8, chromaBits: 8, isSplit: false };
  bits.golomb();
  skipPictureOrder(bits);
  bits.golomb();
  bits.skip(1);
  const columns = bits.golomb() + 1;
  const rows = bits.golomb() + 1;
  const isFramesOnly = bits.flag();
  if (!isFramesOnly) bits.skip(1);
  bits.skip(1);
  const [left, right, top, bottom] = bits.flag() ? readCrop(bits) : [0, 0, 0, 0];
  const fields = isFramesOnly ? 1 : 2;
  const isSubsampled = !colour.isSplit && colour.chroma > 0;
  const unitX = isSubsampled && colour.chroma < 3 ? 2 : 1;
  const unitY = (isSubsampled && colour.chroma === 1 ? 2 : 1) * fields;
  const width = columns * 16 - (left + right) * unitX;
  const height = rows * 16 * fields - (top + bottom) * unitY;
  if (bits.isOver) throw new RangeError('its parameter sets are cut off');
  checkSize(width, height);
  const { chroma, lumaBits, chromaBits } = colour;
  return { width, height, profile, chroma, lumaBits, chromaBits, reorder: readReorder(bits) };
}

function readCrop(bits: Bits): [number, number, number, number] {
  return [bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()];
}

function readColour(bits: Bits): { chroma: number; isSplit: boolean; lumaBits: number; chromaBits: number } {
  const chroma = bits.golomb();
  if (chroma > 3) throw new RangeError('its parameter sets are damaged');
  const isSplit = chroma === 3 && bits.flag();
  const lumaBits = 8 + Math.min(bits.golomb(), 6);
  const chromaBits = 8 + Math.min(bits.golomb(), 6);
  bits.skip(1);
  if (bits.flag()) {
    const lists = chroma === 3 ? 12 : 8;
    for (let i = 0; i < lists; i++) if (bits.flag()) skipScalingList(bits, i < 6 ? 16 : 64);
  }
  return { chroma, isSplit, lumaBits, chromaBits };
}

function skipScalingList(bits: Bits, size: number): void {
  let last = 8;
  let next = 8;
  for (let i = 0; i < size; i++) {
    if (next !== 0) next = (last + bits.signedGolomb() + 256) % 256;
    if (next !== 0) last = next;
  }
}

function skipPictureOrder(bits: Bits): void {
  const type = bits.golomb();
  if (type === 0) bits.golomb();
  if (type !== 1) return;
  bits.skip(1);
  bits.golomb();
  bits.golomb();
  const cycle = Math.min(bits.golomb(), 255);
  for (let i = 0; i < cycle; i++) bits.golomb();
}
