/** H.265 in MP4: the size of the picture, the description for decoders, and which units belong to a picture. */
import { h265Units } from '#base/rtp-payload/h265.ts';
import { Bits, withoutEscapes } from './bits.ts';
import { box, u8, u16 } from './box.ts';
import { checkSize, setsNamed, type VideoCoding, videoEntry, withLength } from './video-coding.ts';

const SETS: Readonly<Record<number, string>> = { 32: 'vps', 33: 'sps', 34: 'pps' };
/** Types below this are slices. */
const SETS_BEGIN = 32;
const GIVEN = ['sprop-vps', 'sprop-sps', 'sprop-pps'];

/** H.265. */
export const h265: VideoCoding = {
  unitsOf: h265Units,
  parameterOf(unit) {
    const name = SETS[typeOf(unit)];
    return name && `${name} ${idOf(name, unit)}`;
  },
  isPicture: unit => typeOf(unit) < SETS_BEGIN,
  givenParameters: format =>
    GIVEN.flatMap(name => (format.get(name) ?? '').split(','))
      .map(text => Buffer.from(text, 'base64'))
      .filter(unit => unit.length > 3),
  describe(parameters) {
    const arrays = ['vps', 'sps', 'pps'].map(name => setsNamed(parameters, name));
    const sps = arrays[1]?.[0];
    if (!sps || arrays.some(units => units.length === 0)) return undefined;
    const shape = readH265Sps(sps);
    return {
      ...shape,
      codec: codecOf(shape.profile),
      sampleEntry: videoEntry('hvc1', shape, hvcC(shape, arrays)),
    };
  },
};

function typeOf(unit: Buffer): number {
  return ((unit[0] ?? 0) >> 1) & 63;
}

function idOf(name: string, unit: Buffer): number {
  if (name === 'sps') return readH265Sps(unit).id;
  const bits = new Bits(withoutEscapes(unit.subarray(2, 12)));
  return name === 'vps' ? bits.read(4) : bits.golomb();
}

interface Shape {
  id: number;
  width: number;
  height: number;
  /** The twelve bytes of profile, tier and level. */
  profile: Buffer;
  layers: number;
  isNested: boolean;
  chroma: number;
  lumaBits: number;
  chromaBits: number;
  reorder: number;
}

function hvcC(shape: Shape, arrays: readonly Buffer[][]): Buffer {
  const { profile, layers, isNested, chroma, lumaBits, chromaBits } = shape;
  return box(
    'hvcC',
    Buffer.concat([u8(1), profile, u16(0xf000), u8(0xfc, 0xfc + chroma)]),
    Buffer.concat([u8(0xf8 + lumaBits - 8, 0xf8 + chromaBits - 8), u16(0)]),
    u8(layers * 8 + (isNested ? 4 : 0) + 3, arrays.length),
    ...arrays.flatMap((units, index) => [
      u8(0x80 + SETS_BEGIN + index),
      u16(units.length),
      ...units.map(withLength),
    ]),
  );
}

/** As ISO/IEC 14496-15 annex E writes it: `hvc1.1.6.L93.B0`. */
function codecOf(profile: Buffer): string {
  const first = profile[0] ?? 0;
  const space = ['', 'A', 'B', 'C'][first >> 6] ?? '';
  const tier = (first >> 5) & 1 ? 'H' : 'L';
  const constraints = [...profile.subarray(5, 11)];
  while (constraints.at(-1) === 0) constraints.pop();
  const parts = [
    `hvc1.${space}${first & 31}`,
    reversed(profile.readUInt32BE(1)).toString(16).toUpperCase(),
    `${tier}${profile[11]}`,
    ...constraints.map(byte => byte.toString(16).toUpperCase()),
  ];
  return parts.join('.');
}

function reversed(word: number): number {
  let value = 0;
  for (let bit = 0; bit < 32; bit++) value = value * 2 + ((word >>> bit) & 1);
  return value;
}

/** Size, profile and colour of a sequence parameter set. Throws RangeError when it cannot be right. */
export function readH265Sps(sps: Buffer): Shape {
  const plain = withoutEscapes(sps.subarray(2));
  if (plain.length < 15) throw new RangeError('its parameter sets are cut off');
  const bits = new Bits(plain);
  bits.skip(4);
  const subLayers = bits.read(3);
  const isNested = bits.flag();
  bits.skip(96);
  skipSubLayers(bits, subLayers);
  const id = bits.golomb();
  const chroma = bits.golomb();
  if (chroma > 3) throw new RangeError('its parameter sets are damaged');
  if (chroma === 3) bits.skip(1);
  const [wide, high] = [bits.golomb(), bits.golomb()];
  const crop = bits.flag() ? [bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()] : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const width = wide - (left + right) * (chroma === 1 || chroma === 2 ? 2 : 1);
  const height = high - (top + bottom) * (chroma === 1 ? 2 : 1);
  if (bits.isOver) throw new RangeError('its parameter sets are cut off');
  checkSize(width, height);
  const [lumaBits, chromaBits] = [8 + Math.min(bits.golomb(), 7), 8 + Math.min(bits.golomb(), 7)];
  const colour = { chroma, lumaBits, chromaBits };
  const layers = { profile: plain.subarray(1, 13), layers: subLayers + 1, isNested };
  return { id, width, height, ...layers, ...colour, reorder: readReorder(bits, subLayers) };
}

/** How many pictures may come out of order in the highest layer. */
function readReorder(bits: Bits, subLayers: number): number {
  bits.golomb();
  const times = bits.flag() ? subLayers + 1 : 1;
  let reorder = 0;
  for (let i = 0; i < times; i++) {
    bits.golomb();
    reorder = bits.golomb();
    bits.golomb();
  }
  return bits.isOver ? 0 : Math.min(reorder, 16);
}

function skipSubLayers(bits: Bits, subLayers: number): void {
  if (subLayers === 0) return;
  const flags = Array.from({ length: subLayers }, () => ({ profile: bits.flag(), level: bits.flag() }));
  bits.skip((8 - subLayers) * 2);
  for (const { profile, level } of flags) bits.skip((profile ? 88 : 0) + (level ? 8 : 0));
}
