/** How far two pictures are apart from afar: the difference hash, 64 bits, one for each step from light to dark. */
import type { Cells } from './picture-diff-cells.ts';

const WIDE = 9;
const HIGH = 8;
/** Plain ground must not toss a coin for each bit. */
const STEP = 2;

/** Bits of 64 that differ. Unrelated pictures are some 20 to 40 apart. */
export function hashDistance({ before, after, columns, rows }: Cells): number {
  const one = hashOf(before, columns, rows);
  const other = hashOf(after, columns, rows);
  return one.reduce((count, bit, i) => count + (bit === other[i] ? 0 : 1), 0);
}

function hashOf(means: Float32Array, columns: number, rows: number): boolean[] {
  const small = shrink(means, columns, rows);
  const bits: boolean[] = [];
  for (let row = 0; row < HIGH; row++) {
    for (let column = 1; column < WIDE; column++) {
      const at = row * WIDE + column;
      bits.push((small[at] ?? 0) > (small[at - 1] ?? 0) + STEP);
    }
  }
  return bits;
}

/** Means of the cells that lie in each of 9 × 8 fields. */
function shrink(means: Float32Array, columns: number, rows: number): Float32Array {
  const sums = new Float32Array(WIDE * HIGH);
  const counts = new Float32Array(WIDE * HIGH);
  for (const [index, mean] of means.entries()) {
    const column = Math.floor(((index % columns) / columns) * WIDE);
    const at = Math.floor((Math.floor(index / columns) / rows) * HIGH) * WIDE + column;
    sums[at] = (sums[at] ?? 0) + mean;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return sums.map((sum, i) => sum / Math.max(1, counts[i] ?? 0));
}
