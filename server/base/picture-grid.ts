/** Several pictures as one: tiles in a grid with labels; a tile is made over only when its own picture changed. */
import type { OverlayOptions, Sharp } from 'sharp';
import { MAX_PIXELS } from './picture.ts';
import { type MakeSharp, withSharp } from './sharp.ts';

const BACKGROUND = '#14181d';
const TILE = '#22282f';
/** Lies over a picture that is old. */
const DIM = '<rect width="100%" height="100%" fill="#14181d" fill-opacity=".65"/>';

/** What a grid looks like. */
export interface GridLook {
  width: number;
  height: number;
  columns: number;
  /** Pixels between tiles. */
  gap: number;
  hasLabels: boolean;
  /** JPEG quality. */
  quality: number;
}

/** One tile. */
export interface Tile {
  label: string;
  image: Buffer | undefined;
  /** Why there is no picture, or why it is an old one, which is dimmed; empty for one that is as it should be. */
  words: string;
}

/** Where a tile lies. */
export interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The places of so many tiles, row by row; what is left over of the picture is the rim. */
export function placesOf(count: number, { width, height, columns, gap }: GridLook): Place[] {
  const rows = Math.ceil(count / columns);
  const wide = Math.max(1, Math.floor((width - gap * (columns + 1)) / columns));
  const high = Math.max(1, Math.floor((height - gap * (rows + 1)) / rows));
  return Array.from({ length: count }, (_, index) => ({
    left: gap + (index % columns) * (wide + gap),
    top: gap + Math.floor(index / columns) * (high + gap),
    width: wide,
    height: high,
  }));
}

/** A grid that remembers its tiles as they were drawn. */
export class PictureGrid {
  readonly #look: GridLook;
  readonly #places: Place[];
  readonly #drawn: Array<{ tile: Tile; pixels: Buffer } | undefined>;

  constructor(count: number, look: GridLook) {
    this.#look = look;
    this.#places = placesOf(count, look);
    this.#drawn = this.#places.map(() => undefined);
  }

  /** The whole as JPEG. A picture that cannot be read becomes a tile that says so. */
  compose(tiles: readonly Tile[]): Promise<Buffer> {
    const { width, height, quality } = this.#look;
    return withSharp(async make => {
      const layers: OverlayOptions[] = [];
      for (const [index, place] of this.#places.entries()) {
        const tile = tiles[index];
        if (!tile) continue;
        const { left, top, width, height } = place;
        const input = await this.#pixels(make, index, tile, place);
        layers.push({ input, raw: { width, height, channels: 3 }, left, top });
      }
      const create = { width, height, channels: 3 as const, background: BACKGROUND };
      return make({ create }).composite(layers).jpeg({ quality }).toBuffer();
    });
  }

  async #pixels(make: MakeSharp, index: number, tile: Tile, place: Place): Promise<Buffer> {
    const before = this.#drawn[index];
    const isSame =
      before?.tile.image === tile.image &&
      before?.tile.label === tile.label &&
      before?.tile.words === tile.words;
    if (before && isSame) return before.pixels;
    const pixels = await this.#draw(make, tile, place);
    this.#drawn[index] = { tile, pixels };
    return pixels;
  }

  async #draw(make: MakeSharp, tile: Tile, place: Place): Promise<Buffer> {
    const { image } = tile;
    if (image === undefined) return this.#finish(emptyTile(make, place), tile, place, tile.words);
    const { width, height } = place;
    try {
      const fitted = make(image, { limitInputPixels: MAX_PIXELS, sequentialRead: true })
        .rotate()
        .resize({ width, height, fit: 'contain', background: TILE })
        .flatten({ background: TILE });
      return await this.#finish(fitted, tile, place, tile.words, DIM);
    } catch {
      return this.#finish(emptyTile(make, place), tile, place, 'Damaged picture');
    }
  }

  #finish(picture: Sharp, { label }: Tile, place: Place, words: string, veil = ''): Promise<Buffer> {
    const text = tileText(place, this.#look.hasLabels ? label : '', words, veil);
    const shown = text === undefined ? picture : picture.composite([{ input: Buffer.from(text) }]);
    return shown.toColourspace('srgb').removeAlpha().raw().toBuffer();
  }
}

function emptyTile(make: MakeSharp, { width, height }: Place): Sharp {
  return make({ create: { width, height, channels: 3, background: TILE } });
}

/** Label and words as SVG of the size of the tile; undefined when there is nothing to write. */
function tileText({ width, height }: Place, label: string, words: string, veil: string): string | undefined {
  if (label === '' && words === '') return undefined;
  const size = Math.min(20, Math.max(8, Math.round(height / 14)));
  const most = Math.max(4, Math.floor(width / (size * 0.6)) - 2);
  const look = `font-family="sans-serif" font-size="${size}" fill="#fff"`;
  const bar = label === '' ? '' : labelBar(cut(label, most), size, height, look);
  const middle =
    words === ''
      ? ''
      : `${veil}<text x="50%" y="50%" text-anchor="middle" fill-opacity=".7" ${look}>${escaped(cut(words, most))}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${middle}${bar}</svg>`;
}

function labelBar(label: string, size: number, height: number, look: string): string {
  const top = height - Math.round(size * 1.6);
  const bar = `<rect x="0" y="${top}" width="100%" height="${height - top}" fill="#000" fill-opacity=".5"/>`;
  return `${bar}<text x="${Math.round(size / 2)}" y="${height - Math.round(size / 2)}" ${look}>${escaped(label)}</text>`;
}

function cut(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}

/** Names come from people: nothing of them may count as part of the drawing. */
function escaped(text: string): string {
  const clean = [...text].map(letter => ((letter.codePointAt(0) ?? 0) < 0x20 ? ' ' : letter)).join('');
  return clean
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
