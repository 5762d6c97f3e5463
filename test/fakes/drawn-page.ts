/** Pictures of a page made of plain shapes, so that tests of comparing need no fonts. */
import sharp from 'sharp';
import { randomOf } from '#test/bench/change-page.ts';

/** How the page looks. */
export interface DrawnPage {
  width?: number;
  height?: number;
  /** SVG on top of the page. */
  extra?: string;
  /** How far everything is off, in pixels. */
  shift?: number;
  /** Height of small letters in pixels: another one is another typeface. */
  letterHeight?: number;
  /** Other words for another seed. */
  seed?: number;
  lines?: number;
  /** How much darker everything is, 0 to 1. */
  shade?: number;
  format?: { type: 'png' } | { type: 'jpeg'; quality: number };
}

/** A page of lines of letters, with a bar above them. */
export async function drawnPage({
  width = 640,
  height = 400,
  extra = '',
  shift = 0,
  letterHeight = 7,
  seed = 1,
  lines = 12,
  shade = 0,
  format = { type: 'jpeg', quality: 80 },
}: DrawnPage = {}): Promise<Buffer> {
  const letters = lettersOf(randomOf(seed), lines, letterHeight);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
<rect width="100%" height="100%" fill="#fff"/><g transform="translate(${shift} ${shift})">
<rect x="20" y="10" width="300" height="24" fill="#0b63c5"/>${letters}${extra}</g>
<rect width="100%" height="100%" fill="#000" fill-opacity="${shade}"/></svg>`;
  const drawn = sharp(Buffer.from(svg)).flatten({ background: '#fff' });
  return format.type === 'png' ? drawn.png().toBuffer() : drawn.jpeg({ quality: format.quality }).toBuffer();
}

/** Each letter is one or two stems with a bar somewhere; some reach up. */
function lettersOf(random: () => number, lines: number, letterHeight: number): string {
  const shapes: string[] = [];
  for (let line = 0; line < lines; line++) {
    const base = 64 + line * 22;
    for (let x = 20; x < 420; x += 8) {
      if (random() < 0.15) continue;
      const high = random() < 0.3 ? 11 : letterHeight;
      const bar = base - Math.round(random() * letterHeight);
      shapes.push(`M${x} ${base - high}h1.6v${high}h-1.6z`, `M${x} ${bar}h6v1.4h-6z`);
      if (random() < 0.5) shapes.push(`M${x + 4.4} ${base - letterHeight}h1.6v${letterHeight}h-1.6z`);
    }
  }
  return `<path fill="#222" d="${shapes.join('')}"/>`;
}

/** A digit of seven segments, 12 by 20 pixels. */
export function digit(value: number, x: number, y: number): string {
  const lit =
    ['abcdef', 'bc', 'abged', 'abgcd', 'fgbc', 'afgcd', 'afgedc', 'abc', 'abcdefg', 'abcdfg'][value] ?? '';
  const places: Record<string, string> = {
    a: 'M0 0h12v2.4h-12z',
    b: 'M9.6 0h2.4v10h-2.4z',
    c: 'M9.6 10h2.4v10h-2.4z',
    d: 'M0 17.6h12v2.4h-12z',
    e: 'M0 10h2.4v10h-2.4z',
    f: 'M0 0h2.4v10h-2.4z',
    g: 'M0 8.8h12v2.4h-12z',
  };
  const path = [...lit].map(segment => places[segment] ?? '').join('');
  return `<path fill="#111" transform="translate(${x} ${y})" d="${path}"/>`;
}
