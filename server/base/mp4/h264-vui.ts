/** The usability information at the end of an H.264 parameter set, read for one number that lies near its end. */
import type { Bits } from './bits.ts';

const EXTENDED_RATIO = 255;
const MOST = 16;

/** How many pictures may come out of order; 0 when it is not said. */
export function readReorder(bits: Bits): number {
  if (!bits.flag()) return 0;
  if (bits.flag() && bits.read(8) === EXTENDED_RATIO) bits.skip(32);
  if (bits.flag()) bits.skip(1);
  if (bits.flag()) skipSignalType(bits);
  if (bits.flag()) skipNumbers(bits, 2);
  if (bits.flag()) bits.skip(65);
  const hasNal = skipBuffering(bits);
  const hasVcl = skipBuffering(bits);
  if (hasNal || hasVcl) bits.skip(1);
  bits.skip(1);
  if (!bits.flag()) return 0;
  bits.skip(1);
  skipNumbers(bits, 4);
  const reorder = bits.golomb();
  return bits.isOver ? 0 : Math.min(reorder, MOST);
}

function skipSignalType(bits: Bits): void {
  bits.skip(4);
  if (bits.flag()) bits.skip(24);
}

function skipNumbers(bits: Bits, count: number): void {
  for (let i = 0; i < count; i++) bits.golomb();
}

/** Passes over the parameters of a buffering model; true when there were some. */
function skipBuffering(bits: Bits): boolean {
  if (!bits.flag()) return false;
  const models = Math.min(bits.golomb() + 1, 32);
  bits.skip(8);
  for (let i = 0; i < models; i++) {
    skipNumbers(bits, 2);
    bits.skip(1);
  }
  bits.skip(20);
  return true;
}
