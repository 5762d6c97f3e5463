/** How alike two pictures are around a cell, in structure: what is merely brighter, softer or moved by a pixel is alike. */
import { CELL } from './picture-diff-cells.ts';
import type { Planes } from './picture-diff-planes.ts';

const WINDOW = 2 * CELL;
/** The constants of SSIM for bytes; they keep noise on plain ground from counting as structure. */
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;
/** The most likely first. */
const SHIFTS = [0, -1, 1].flatMap(dy => [0, -1, 1].map(dx => [dx, dy] as const));
/** Real edits lie far below; a half pixel of jitter and coarse JPEG lie above. */
const ALIKE = 0.93;

/** Whether the cells are alike: SSIM of a window around them is high in every plane, each with its best shift of one pixel. */
export function isAlike(before: Planes, after: Planes, column: number, row: number): boolean {
  const left = Math.max(0, column * CELL - CELL / 2);
  const top = Math.max(0, row * CELL - CELL / 2);
  const right = Math.min(before.width, left + WINDOW);
  const bottom = Math.min(before.height, after.height, top + WINDOW);
  const width = before.width;
  return (['luma', 'blue', 'red'] as const).every(plane =>
    SHIFTS.some(([dx, dy]) => {
      const area = {
        left: Math.max(left, left - dx),
        top: Math.max(top, top - dy),
        right: Math.min(right, width - Math.max(0, dx)),
        bottom: Math.min(bottom, Math.min(before.height, after.height) - Math.max(0, dy)),
      };
      return ssim(before[plane], after[plane], width, area, dy * width + dx) >= ALIKE;
    }),
  );
}

function ssim(
  a: Uint8Array,
  b: Uint8Array,
  width: number,
  { left, top, right, bottom }: { left: number; top: number; right: number; bottom: number },
  offset: number,
): number {
  let [count, sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const at = y * width + x;
      const [one, other] = [a[at] ?? 0, b[at + offset] ?? 0];
      count++;
      sumA += one;
      sumB += other;
      squareA += one * one;
      squareB += other * other;
      product += one * other;
    }
  }
  if (count === 0) return 1;
  const [meanA, meanB] = [sumA / count, sumB / count];
  const spread = squareA / count - meanA ** 2 + squareB / count - meanB ** 2;
  const shared = product / count - meanA * meanB;
  return ((2 * meanA * meanB + C1) * (2 * shared + C2)) / ((meanA ** 2 + meanB ** 2 + C1) * (spread + C2));
}
