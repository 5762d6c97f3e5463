/** A picture as three planes, brightness and two of colour, decoded and made smaller where it is too large to compare. */
import { MAX_PIXELS, readPicture } from './picture.ts';
import { type MakeSharp, withSharp } from './sharp.ts';

/** Larger pictures are compared at a smaller scale: a whole page of 8000 pixels height would take seconds. */
const MOST_PIXELS = 6_000_000;

/** Brightness and colour, one byte for each pixel. Colour is 128 where there is none. */
export interface Planes {
  width: number;
  height: number;
  luma: Uint8Array;
  blue: Uint8Array;
  red: Uint8Array;
  /** Pixels of the picture for each pixel here; 1 unless it was made smaller. */
  scale: number;
}

/** How many times too large the larger of some pictures is; both sides of a pair have to shrink alike. */
export function scaleOf(images: readonly Buffer[]): number {
  const pixels = images.map(image => readPicture(image)).map(({ width, height }) => width * height);
  return Math.max(1, Math.sqrt(Math.max(...pixels) / MOST_PIXELS));
}

/** Decodes a JPEG, PNG or WebP. Throws `picture-invalid` for what is none. */
export async function planesOf(image: Buffer, scale: number): Promise<Planes> {
  const { width, height } = readPicture(image);
  const size = {
    width: Math.max(1, Math.round(width / scale)),
    height: Math.max(1, Math.round(height / scale)),
  };
  const raw = await withSharp(make => decode(make, image, scale > 1 ? size : undefined));
  return { ...split(raw.data, raw.info.width, raw.info.height), scale };
}

function decode(make: MakeSharp, image: Buffer, size: { width: number; height: number } | undefined) {
  const opened = make(image, { limitInputPixels: MAX_PIXELS, sequentialRead: true });
  const fitted = size ? opened.resize({ ...size, fit: 'fill', kernel: 'linear' }) : opened;
  // What shines through is white in every browser, and has to be the same on both sides.
  const opaque = fitted.flatten({ background: '#ffffff' }).toColourspace('srgb');
  return opaque.raw().toBuffer({ resolveWithObject: true });
}

function split(rgb: Buffer, width: number, height: number): Omit<Planes, 'scale'> {
  const pixels = width * height;
  const luma = new Uint8Array(pixels);
  const blue = new Uint8Array(pixels);
  const red = new Uint8Array(pixels);
  for (let at = 0, from = 0; at < pixels; at++, from += 3) {
    const [r, g, b] = [rgb[from] ?? 0, rgb[from + 1] ?? 0, rgb[from + 2] ?? 0];
    luma[at] = (77 * r + 150 * g + 29 * b) >> 8;
    blue[at] = 128 + ((-43 * r - 85 * g + 128 * b) >> 8);
    red[at] = 128 + ((128 * r - 107 * g - 21 * b) >> 8);
  }
  return { width, height, luma: soften(luma, width, height), blue, red };
}

/**
 * Each pixel with a quarter of its neighbours, across and down. A thin line that falls between two pixels is half as dark
 * as one that falls on a pixel; softened they are nearly the same.
 */
function soften(plane: Uint8Array, width: number, height: number): Uint8Array {
  return blend(blend(plane, width, height, 1), width, height, width);
}

function blend(plane: Uint8Array, width: number, height: number, step: number): Uint8Array {
  const soft = new Uint8Array(plane.length);
  const last = (step === 1 ? width : height) - 1;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const along = step === 1 ? x : y;
      const one = plane[at] ?? 0;
      const before = along > 0 ? (plane[at - step] ?? 0) : one;
      const after = along < last ? (plane[at + step] ?? 0) : one;
      soft[at] = (before + 2 * one + after + 2) >> 2;
    }
  }
  return soft;
}
