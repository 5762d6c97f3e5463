/** Several pictures as one: a grid of tiles, each with its name, drawn in the threads of sharp. */
import { sentenceOf } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { withSharp } from '#base/sharp.ts';
import { escapeXml, type Placeholders } from './placeholder.ts';

const PIXELS_MAX = 64_000_000;
const QUALITY = 75;
const GROUND = '#0d1117';
const CHANNELS = 3;

/** What a tile shows. */
export interface WallTile {
  sourceId: string;
  name: string;
  /** The newest picture, in whatever format; undefined: the reason is shown. */
  image: Buffer | undefined;
  reason: string;
  /** Tells whether it looks different from before. */
  tag: string;
}

interface Drawn {
  tag: string;
  pixels: Buffer;
}

interface Grid {
  columns: number;
  width: number;
  height: number;
  tile: { width: number; height: number };
}

/** Draws walls of one width; what did not change is not decoded again. */
export class WallPicture {
  readonly #width: number;
  readonly #placeholders: Placeholders;
  readonly #log: Log;
  #drawn = new Map<string, Drawn>();

  constructor(width: number, placeholders: Placeholders, log: Log) {
    this.#width = width;
    this.#placeholders = placeholders;
    this.#log = log;
  }

  /** A JPEG. */
  async draw(tiles: readonly WallTile[]): Promise<Buffer> {
    const grid = gridOf(tiles.length, this.#width);
    const pixels: Buffer[] = [];
    const drawn = new Map<string, Drawn>();
    for (const tile of tiles) {
      const before = this.#drawn.get(tile.sourceId);
      const now = before?.tag === tile.tag ? before : { tag: tile.tag, pixels: await this.#tile(tile, grid) };
      drawn.set(tile.sourceId, now);
      pixels.push(now.pixels);
    }
    this.#drawn = drawn;
    return compose(pixels, grid);
  }

  async #tile(tile: WallTile, { tile: size }: Grid): Promise<Buffer> {
    const { image, name, reason } = tile;
    try {
      if (image) return await pixelsOf(image, size, name);
    } catch (thrown) {
      this.#log.debug('A picture was left out of a wall', { sourceId: tile.sourceId, error: thrown });
      return pixelsOf(await this.#placeholders.draw({ title: name, reason: sentenceOf(thrown) }), size);
    }
    return pixelsOf(await this.#placeholders.draw({ title: name, reason }), size);
  }
}

/** As square as it gets; tiles are 16:9. */
function gridOf(tiles: number, width: number): Grid {
  const columns = Math.ceil(Math.sqrt(tiles));
  const rows = Math.ceil(tiles / columns);
  const tile = { width: Math.floor(width / columns), height: Math.round((width / columns) * (9 / 16)) };
  return { columns, width: columns * tile.width, height: rows * tile.height, tile };
}

/** RGB pixels of a whole tile; the picture is shown whole, with a margin where it has another shape. */
async function pixelsOf(image: Buffer, size: Grid['tile'], label?: string): Promise<Buffer> {
  return withSharp(make =>
    make(image, { limitInputPixels: PIXELS_MAX, failOn: 'error' })
      .resize({ ...size, fit: 'contain', background: GROUND })
      .flatten({ background: GROUND })
      .toColourspace('srgb')
      .composite(label === undefined ? [] : [{ input: labelOf(label, size), gravity: 'southwest' }])
      .removeAlpha()
      .raw()
      .toBuffer(),
  );
}

async function compose(tiles: readonly Buffer[], { columns, width, height, tile }: Grid): Promise<Buffer> {
  const raw = { ...tile, channels: CHANNELS } as const;
  const placed = tiles.map((input, index) => ({
    input,
    raw,
    left: (index % columns) * tile.width,
    top: Math.floor(index / columns) * tile.height,
  }));
  return withSharp(make =>
    make({ create: { width, height, channels: CHANNELS, background: GROUND } })
      .composite(placed)
      .jpeg({ quality: QUALITY })
      .toBuffer(),
  );
}

/** The name on a dark bar at the lower edge. */
function labelOf(name: string, { width, height }: Grid['tile']): Buffer {
  const bar = Math.min(height, Math.max(12, Math.round(height / 13)));
  const letters = Math.max(4, Math.floor(width / (bar * 0.4)));
  const all = Array.from(name);
  const text = all.length <= letters ? name : `${all.slice(0, letters - 1).join('')}…`;
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${bar}">
<rect width="${width}" height="${bar}" fill="#000" fill-opacity="0.55"/>
<text x="${bar * 0.4}" y="${bar * 0.7}" font-size="${bar * 0.62}" fill="#fff" font-family="Inter, Noto Sans, DejaVu Sans, sans-serif">${escapeXml(text)}</text>
</svg>`);
}
