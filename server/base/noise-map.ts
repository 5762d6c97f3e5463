/** Learns where a page is restless – clocks, ads, carousels – from what changes again and again between its pictures. */
import { CELL } from './picture-diff-cells.ts';
import { type Box, type Region, regionsOf } from './picture-diff-regions.ts';

/** Before so many comparisons nothing is known. */
const LEAST_LOOKS = 4;
/** What changed in this share of the latest comparisons is noise; an edit now and then stays below. */
const NOISY_SHARE = 0.3;
/** How many comparisons count, about: what calmed down is watched again after as many. */
const MEMORY = 30;
/** Cells around: the next digit of a clock changes only now and then. */
const MARGIN = 2;
/** A region that fills less than this of its rectangle is taken cell by cell. */
const FULL = 0.2;

/** What a comparison found, as the picture diff answers. */
export interface Look {
  columns: number;
  rows: number;
  scale: number;
  moved: Uint8Array;
}

/** The restless places of one page. A picture of another size starts it anew. */
export class NoiseMap {
  #columns = 0;
  #rows = 0;
  #scale = 1;
  #looks = 0;
  #shares = new Float32Array();

  /** Takes in one comparison. One without a grid (the same bytes) is a look at which nothing moved. */
  learn({ columns, rows, scale, moved }: Look): void {
    if (moved.length > 0 && (columns !== this.#columns || rows !== this.#rows || scale !== this.#scale)) {
      this.#begin(columns, rows, scale);
    }
    this.#looks++;
    const weight = 1 / Math.min(this.#looks, MEMORY);
    for (let index = 0; index < this.#shares.length; index++) {
      const share = this.#shares[index] ?? 0;
      this.#shares[index] = share + ((moved[index] ?? 0) - share) * weight;
    }
  }

  #begin(columns: number, rows: number, scale: number): void {
    this.#columns = columns;
    this.#rows = rows;
    this.#scale = scale;
    this.#looks = 0;
    this.#shares = new Float32Array(columns * rows);
  }

  /** The restless places in pixels of the picture, a little wider than what was seen. */
  boxes(): Box[] {
    if (this.#looks < LEAST_LOOKS) return [];
    const noisy = new Uint8Array(this.#shares.length);
    for (let index = 0; index < noisy.length; index++) {
      if ((this.#shares[index] ?? 0) >= NOISY_SHARE) noisy[index] = 1;
    }
    return regionsOf(noisy, this.#columns).flatMap(region => this.#boxesOf(region));
  }

  #boxesOf(region: Region): Box[] {
    const { left, top, right, bottom, cells } = region;
    const isFull = cells.length >= FULL * (right - left + 1) * (bottom - top + 1);
    if (isFull) return [this.#box(left, top, right, bottom)];
    return cells.map(index => {
      const [column, row] = [index % this.#columns, Math.floor(index / this.#columns)];
      return this.#box(column, row, column, row);
    });
  }

  #box(left: number, top: number, right: number, bottom: number): Box {
    const side = CELL * this.#scale;
    const [fromX, fromY] = [Math.max(0, left - MARGIN), Math.max(0, top - MARGIN)];
    return {
      left: fromX * side,
      top: fromY * side,
      width: (right + MARGIN + 1 - fromX) * side,
      height: (bottom + MARGIN + 1 - fromY) * side,
    };
  }
}
