/** Tells another typeface from other words: a page whose web font came late says the same as before. */
import { CELL, type Cells } from './picture-diff-cells.ts';
import type { Planes } from './picture-diff-planes.ts';

/** Below so many cells with text a page is too small to tell: one price may change as a whole. */
const LEAST_TEXT = 120;
/** Text that stays as it was shows that words were edited and not the typeface. */
const MOST_UNTOUCHED = 0.28;
/** How differently ink lies in the lines; other words in the same typeface differ less. */
const LEAST_SHAPE = 0.08;
const CONTRAST = 50;
const LEAST_CROSSINGS = 14;

/** What was measured; `isOther` is the answer. */
export interface TypefaceFacts {
  isOther: boolean;
  /** Share of the text that stayed as it was. */
  untouched: number;
  /** How differently ink lies over the height of the lines, from 0 to 2. */
  shape: number;
}

/** Compares all text of two pictures of the same width, except where `ignored` is 1. */
export function compareTypeface(
  before: Planes,
  after: Planes,
  cells: Cells,
  ignored: Uint8Array,
): TypefaceFacts {
  const { columns, rows } = cells;
  let [text, untouched] = [0, 0];
  let [shape, weight] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const ink = [new Float64Array(CELL), new Float64Array(CELL)] as const;
    let found = 0;
    for (let column = 0; column < columns; column++) {
      const index = row * columns + column;
      if (ignored[index]) continue;
      const isText = [before, after].map(planes => crossings(planes, column, row) >= LEAST_CROSSINGS);
      if (!isText[0] && !isText[1]) continue;
      found++;
      if ((cells.changed[index] ?? 0) < 2) untouched++;
      if (isText[0]) addInk(ink[0], before, column, row);
      if (isText[1]) addInk(ink[1], after, column, row);
    }
    text += found;
    const apart = distance(ink[0], ink[1]);
    if (apart === undefined) continue;
    shape += apart * found;
    weight += found;
  }
  const facts = { untouched: text > 0 ? untouched / text : 1, shape: weight > 0 ? shape / weight : 0 };
  const isOther = text >= LEAST_TEXT && facts.untouched <= MOST_UNTOUCHED && facts.shape >= LEAST_SHAPE;
  return { ...facts, isOther };
}

/** How often a cell goes from ground to ink and back, along its rows; letters do so often, pictures and lines rarely. */
function crossings({ luma, width, height }: Planes, column: number, row: number): number {
  const [left, top] = [column * CELL, row * CELL];
  const [right, bottom] = [Math.min(width, left + CELL + 4), Math.min(height, top + CELL)];
  let [low, high] = [255, 0];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const value = luma[y * width + x] ?? 0;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (high - low < CONTRAST) return 0;
  const middle = (low + high) / 2;
  let count = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left + 1; x < right; x++) {
      const isInk = (luma[y * width + x] ?? 0) > middle;
      if (isInk !== (luma[y * width + x - 1] ?? 0) > middle) count++;
    }
  }
  return count;
}

/** Adds how far each row of pixels is from the ground, which is what the cell has most of. */
function addInk(ink: Float64Array, { luma, width, height }: Planes, column: number, row: number): void {
  const [left, top] = [column * CELL, row * CELL];
  const [right, bottom] = [Math.min(width, left + CELL), Math.min(height, top + CELL)];
  const values: number[] = [];
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) values.push(luma[y * width + x] ?? 0);
  const ground = values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
  for (const [index, value] of values.entries()) {
    const at = Math.floor(index / (right - left));
    ink[at] = (ink[at] ?? 0) + Math.abs(value - ground);
  }
}

/** How differently two heaps of ink are spread; undefined where one has none. */
function distance(one: Float64Array, other: Float64Array): number | undefined {
  const [sumOne, sumOther] = [one, other].map(ink => ink.reduce((sum, value) => sum + value, 0));
  if (!sumOne || !sumOther) return undefined;
  return one.reduce((sum, value, i) => sum + Math.abs(value / sumOne - (other[i] ?? 0) / sumOther), 0);
}
