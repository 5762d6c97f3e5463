/** Marked cells of a grid as regions: what lies near each other is one box. */
import { CELL } from './picture-diff-cells.ts';

/** Cells that are so near belong together: letters of one word, lines of one text. */
const REACH = 2;

/** A rectangle in pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Cells that belong together, and the rectangle of cells around them. */
export interface Region {
  cells: number[];
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The regions of all cells that are marked. */
export function regionsOf(marked: Uint8Array, columns: number): Region[] {
  const seen = new Uint8Array(marked.length);
  const regions: Region[] = [];
  for (let index = marked.indexOf(1); index >= 0; index = marked.indexOf(1, index + 1)) {
    if (!seen[index]) regions.push(grow(marked, columns, seen, index));
  }
  return regions;
}

function grow(marked: Uint8Array, columns: number, seen: Uint8Array, start: number): Region {
  const rows = marked.length / columns;
  const region: Region = { cells: [start], left: columns, top: rows, right: 0, bottom: 0 };
  seen[start] = 1;
  for (const index of region.cells) {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    region.left = Math.min(region.left, column);
    region.right = Math.max(region.right, column);
    region.top = Math.min(region.top, row);
    region.bottom = Math.max(region.bottom, row);
    for (let y = Math.max(0, row - REACH); y <= Math.min(rows - 1, row + REACH); y++) {
      for (let x = Math.max(0, column - REACH); x <= Math.min(columns - 1, column + REACH); x++) {
        const near = y * columns + x;
        if (!marked[near] || seen[near]) continue;
        seen[near] = 1;
        region.cells.push(near);
      }
    }
  }
  return region;
}

/** The rectangle of a region in pixels of the picture, inside of it. */
export function boxOf(region: Region, scale: number, size: { width: number; height: number }): Box {
  const left = Math.floor(region.left * CELL * scale);
  const top = Math.floor(region.top * CELL * scale);
  const right = Math.min(size.width, Math.ceil((region.right + 1) * CELL * scale));
  const bottom = Math.min(size.height, Math.ceil((region.bottom + 1) * CELL * scale));
  return { left, top, width: right - left, height: bottom - top };
}

/** 1 for every cell that a box touches. */
export function markBoxes(boxes: readonly Box[], columns: number, rows: number, scale: number): Uint8Array {
  const marked = new Uint8Array(columns * rows);
  const side = CELL * scale;
  for (const { left, top, width, height } of boxes) {
    const [lastRow, lastColumn] = [Math.ceil((top + height) / side), Math.ceil((left + width) / side)];
    for (let row = Math.max(0, Math.floor(top / side)); row < Math.min(rows, lastRow); row++) {
      const from = Math.max(0, Math.floor(left / side));
      marked.fill(1, row * columns + from, row * columns + Math.max(from, Math.min(columns, lastColumn)));
    }
  }
  return marked;
}
