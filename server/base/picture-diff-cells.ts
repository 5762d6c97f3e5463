/** Compares two pictures cell by cell: which pixels differ although edges may be off by one, and how alike the cells are. */
import type { Planes } from './picture-diff-planes.ts';

/** Side of a cell in pixels of the compared planes. */
export const CELL = 8;

/** How far brightness and colour may be off before a pixel counts. */
export interface Tolerance {
  luma: number;
  colour: number;
}

/** The cells of two pictures; each list holds one figure a cell, row by row. */
export interface Cells {
  columns: number;
  rows: number;
  /** Pixels that differ. */
  changed: Uint8Array;
  /** Mean brightness of both. */
  before: Float32Array;
  after: Float32Array;
}

/** The size of the grid over a picture. */
export function gridOf(width: number, height: number): { columns: number; rows: number } {
  return { columns: Math.ceil(width / CELL), rows: Math.ceil(height / CELL) };
}

/** Counts what differs in each cell. Both must have the same width; the common height is compared. */
export function compareCells(before: Planes, after: Planes, tolerance: Tolerance): Cells {
  const { width } = before;
  const height = Math.min(before.height, after.height);
  const { columns, rows } = gridOf(width, height);
  const cells: Cells = {
    ...{ columns, rows },
    changed: new Uint8Array(columns * rows),
    before: new Float32Array(columns * rows),
    after: new Float32Array(columns * rows),
  };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const area = { left: column * CELL, top: row * CELL, right: 0, bottom: 0 };
      area.right = Math.min(width, area.left + CELL);
      area.bottom = Math.min(height, area.top + CELL);
      compareCell(before, after, area, tolerance, cells, row * columns + column);
    }
  }
  return cells;
}

interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function compareCell(a: Planes, b: Planes, area: Area, tolerance: Tolerance, cells: Cells, index: number) {
  const { left, top, right, bottom } = area;
  const { width } = a;
  let sumA = 0;
  let sumB = 0;
  let changed = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const at = y * width + x;
      const one = a.luma[at] ?? 0;
      const other = b.luma[at] ?? 0;
      sumA += one;
      sumB += other;
      if (isFar(a, b, x, y, at, tolerance)) changed++;
    }
  }
  const pixels = (right - left) * (bottom - top);
  cells.before[index] = sumA / pixels;
  cells.after[index] = sumB / pixels;
  cells.changed[index] = changed;
}

/** JPEG keeps colour at half the size, so that edges of colour may be off twice as far as those of brightness. */
function isFar(a: Planes, b: Planes, x: number, y: number, at: number, { luma, colour }: Tolerance): boolean {
  const size = { width: a.width, height: Math.min(a.height, b.height) };
  return (
    isApart(a.luma, b.luma, size, x, y, at, 1, luma) ||
    isApart(a.blue, b.blue, size, x, y, at, 2, colour) ||
    isApart(a.red, b.red, size, x, y, at, 2, colour)
  );
}

/**
 * Whether a pixel lies outside of what its neighbours in the other picture span. What is drawn a fraction of a pixel
 * elsewhere, or with smoother edges, lies between its neighbours; what is new does not.
 */
function isApart(
  one: Uint8Array,
  other: Uint8Array,
  size: { width: number; height: number },
  x: number,
  y: number,
  at: number,
  reach: number,
  most: number,
): boolean {
  const [value, opposite] = [one[at] ?? 0, other[at] ?? 0];
  if (Math.abs(value - opposite) <= most) return false;
  return outside(value, other, size, x, y, reach) > most || outside(opposite, one, size, x, y, reach) > most;
}

function outside(
  value: number,
  plane: Uint8Array,
  { width, height }: { width: number; height: number },
  x: number,
  y: number,
  reach: number,
): number {
  let low = 255;
  let high = 0;
  const lastRow = Math.min(height - 1, y + reach);
  const lastColumn = Math.min(width - 1, x + reach);
  for (let row = Math.max(0, y - reach); row <= lastRow; row++) {
    for (let at = row * width + Math.max(0, x - reach); at <= row * width + lastColumn; at++) {
      const near = plane[at] ?? 0;
      if (near < low) low = near;
      if (near > high) high = near;
    }
  }
  return Math.max(0, value - high, low - value);
}
