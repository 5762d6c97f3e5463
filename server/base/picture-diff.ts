/** What changed between two pictures of a page: a ladder that ends as soon as it knows, and two gates against noise. */
import { type Cells, compareCells, gridOf } from './picture-diff-cells.ts';
import { hashDistance } from './picture-diff-hash.ts';
import { type Planes, planesOf, scaleOf } from './picture-diff-planes.ts';
import { type Box, boxOf, markBoxes, regionsOf } from './picture-diff-regions.ts';
import { isAlike } from './picture-diff-structure.ts';
import { compareTypeface } from './picture-diff-typeface.ts';

/** What a pixel may differ by, out of 255: coarse JPEG stays below. */
const TOLERANCE = { luma: 28, colour: 24 };
/** A cell of 64 pixels counts from here; edges that moved by a fraction stay below. */
const CELL_PIXELS = 3;
/** A region counts from here: most digits of ordinary size have three times as many. */
const REGION_PIXELS = 7;
/** So many bits of 64 apart, it is another page: no need to look closely at each cell. */
const OTHER_PAGE = 24;
/** Share of all cells from which another typeface is thought of. */
const TYPEFACE_SHARE = 0.03;
const MOST_BOXES = 50;

/** The answer. Boxes are in pixels of the later picture. */
export interface PictureDiff {
  isChanged: boolean;
  /** Where the ladder ended. */
  rung: 'bytes' | 'size' | 'cells' | 'typeface' | 'page';
  /** Share of the watched pixels that differ, from 0 to 1. */
  share: number;
  /** The largest first, 50 at most. */
  boxes: Box[];
  /** How many of 64 bits of a coarse hash differ. */
  distance: number;
  /** The grid that `moved` lies on, and how many pixels of the picture one of its pixels stands for. */
  columns: number;
  rows: number;
  scale: number;
  /** 1 for each cell that changed, ignored or not: what a noise map learns from. */
  moved: Uint8Array;
}

/**
 * Compares two pictures (JPEG, PNG or WebP) and leaves out what lies in `ignore`. What is lower or higher than before is
 * a change at its end. Throws `picture-invalid` for what is no picture. Takes up to seconds of a core: run it in a
 * worker.
 */
export async function diffPictures(
  before: Buffer,
  after: Buffer,
  ignore: readonly Box[] = [],
): Promise<PictureDiff> {
  if (before.equals(after)) return nothing('bytes');
  const scale = scaleOf([before, after]);
  const a = await planesOf(before, scale);
  const b = await planesOf(after, scale);
  const size = { width: Math.round(b.width * scale), height: Math.round(b.height * scale) };
  if (a.width !== b.width) {
    const whole = { left: 0, top: 0, ...size };
    return { ...nothing('size'), isChanged: true, share: 1, boxes: [whole] };
  }
  return diffPlanes(a, b, size, ignore);
}

function diffPlanes(a: Planes, b: Planes, size: Pick<Box, 'width' | 'height'>, ignore: readonly Box[]) {
  const { scale } = b;
  const cells = compareCells(a, b, TOLERANCE);
  const distance = hashDistance(cells);
  const moved = movedOf(a, b, cells, distance >= OTHER_PAGE);
  const ignored = markBoxes(ignore, cells.columns, cells.rows, scale);
  const found = {
    ...nothing('cells'),
    ...gridOf(b.width, Math.min(a.height, b.height)),
    distance,
    scale,
    moved,
  };
  const watched = moved.map((mark, i) => (ignored[i] ? 0 : mark));
  const count = watched.reduce((sum, mark) => sum + mark, 0);
  const isWide = count > TYPEFACE_SHARE * watched.length;
  if (isWide && compareTypeface(a, b, cells, ignored).isOther) return { ...found, rung: 'typeface' as const };
  const regions = regionsOf(watched, cells.columns)
    .map(region => ({ region, pixels: sum(region.cells, cells.changed) }))
    .filter(({ pixels }) => pixels >= REGION_PIXELS)
    .sort((one, other) => other.pixels - one.pixels);
  const boxes = regions.slice(0, MOST_BOXES).map(({ region }) => boxOf(region, scale, size));
  const pixels = regions.reduce((sum, region) => sum + region.pixels, 0);
  const end = endBox(a, b, size);
  if (end) boxes.push(end);
  const area = b.width * b.height * (1 - sum(ignored.keys(), ignored) / ignored.length);
  const extra = end ? Math.abs(a.height - b.height) * b.width : 0;
  const rung: PictureDiff['rung'] = distance >= OTHER_PAGE ? 'page' : 'cells';
  return {
    ...found,
    rung,
    isChanged: boxes.length > 0,
    share: Math.min(1, (pixels + extra) / Math.max(1, area)),
    boxes,
  };
}

/** The two gates of each cell: enough pixels differ, and its structure is another. */
function movedOf(a: Planes, b: Planes, { changed, columns }: Cells, isOtherPage: boolean): Uint8Array {
  return changed.map((pixels, index) => {
    if (pixels < CELL_PIXELS) return 0;
    return isOtherPage || !isAlike(a, b, index % columns, Math.floor(index / columns)) ? 1 : 0;
  });
}

/** What a page grew by, or where it ends now. Less than a line of text is jitter. */
function endBox(a: Planes, b: Planes, { width, height }: Pick<Box, 'width' | 'height'>): Box | undefined {
  const grown = (b.height - a.height) * b.scale;
  if (Math.abs(grown) < 8) return undefined;
  const high = Math.round(Math.min(height, Math.abs(grown)));
  return { left: 0, top: height - high, width, height: high };
}

function sum(indices: Iterable<number>, figures: Uint8Array): number {
  let total = 0;
  for (const index of indices) total += figures[index] ?? 0;
  return total;
}

function nothing(rung: PictureDiff['rung']): PictureDiff {
  const grid = { columns: 0, rows: 0, scale: 1, moved: new Uint8Array() };
  return { isChanged: false, rung, share: 0, boxes: [], distance: 0, ...grid };
}
