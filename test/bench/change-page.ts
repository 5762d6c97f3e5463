/** Draws invented pages for the benchmark of changes: articles and dashboards as SVG, in one moment of their life. */
import sharp from 'sharp';

/** Size of every page. */
export const PAGE = { width: 960, height: 720 };

/** Numbers between 0 and 1 that are the same for the same seed. */
export type Random = () => number;

/** Chance from a seed (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of a list. */
export function pick<T>(random: Random, list: readonly T[]): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new RangeError('nothing to pick from');
  return found;
}

const WORDS =
  'harbour garden river station window letter market engine winter morning bridge copper silver paper island valley mountain ticket signal meadow orchard lantern corner kitchen bakery ferry tower museum library theatre school village station platform timber fabric marble cotton pepper ginger coffee the and of with from under over near along before after between without'.split(
    ' ',
  );
const FONTS = [
  'DejaVu Sans',
  'Nimbus Sans',
  'Nimbus Roman',
  'DejaVu Serif',
  'URW Gothic',
  'P052',
  'C059',
  'Nimbus Sans Narrow',
];
const THEMES = [
  { back: '#ffffff', card: '#f4f6f8', ink: '#222222', soft: '#667788', line: '#d5dbe1', accent: '#0b63c5' },
  { back: '#fafaf7', card: '#ffffff', ink: '#1a1a1a', soft: '#777777', line: '#dddddd', accent: '#b3261e' },
  { back: '#14181f', card: '#1e242d', ink: '#e6e9ee', soft: '#8d99a8', line: '#2c3541', accent: '#4fb3ff' },
  { back: '#eef2f7', card: '#ffffff', ink: '#30363d', soft: '#8b949e', line: '#cfd8e3', accent: '#1a7f37' },
];
const DOTS = ['#2da44e', '#d1242f', '#bf8700', '#0969da'];

/** What a page says, and how it looks, in one moment. Edits are made on a copy. */
export interface Page {
  shape: 'article' | 'dashboard';
  theme: (typeof THEMES)[number];
  font: string;
  site: string;
  heading: string;
  lines: string[];
  cards: Array<{ label: string; value: string; dot: string; curve: number[] }>;
  pictureSeed: number;
  banner: string;
  /** Minutes since midnight; null: the page has no clock. */
  clock: number | null;
  ad: number | null;
  slide: number | null;
  /** How far the whole page and its main column are off, in pixels. */
  shift: { x: number; y: number; columnX: number; columnY: number };
  encoding: { format: 'jpeg' | 'png'; quality: number };
}

/** A text of about so many letters. */
export function textOf(random: Random, letters: number): string {
  let text = pick(random, WORDS);
  while (text.length < letters) text += ` ${pick(random, WORDS)}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A figure as cards show it. */
export function figureOf(random: Random): string {
  const shapes = [
    () => `${Math.floor(random() * 900 + 100)}`,
    () => `${(random() * 90 + 10).toFixed(1)} °C`,
    () => `${Math.floor(random() * 90 + 10)} %`,
    () => `€ ${(random() * 90 + 10).toFixed(2)}`,
    () => `${Math.floor(random() * 9 + 1)},${Math.floor(random() * 900 + 100)} kWh`,
  ];
  return pick(random, shapes)();
}

/** The page of a seed, before anything happened to it. */
export function newPage(seed: number): Page {
  const random = randomOf(seed);
  const shape = random() < 0.5 ? 'article' : 'dashboard';
  return {
    shape,
    theme: pick(random, THEMES),
    font: pick(random, FONTS),
    site: textOf(random, 8),
    heading: textOf(random, 24),
    lines: Array.from({ length: 6 + Math.floor(random() * 4) }, () => textOf(random, 56 + random() * 12)),
    cards: Array.from({ length: shape === 'article' ? 3 : 8 }, () => ({
      label: textOf(random, 10),
      value: figureOf(random),
      dot: pick(random, DOTS),
      curve: Array.from({ length: 12 }, () => random()),
    })),
    pictureSeed: Math.floor(random() * 1e9),
    banner: '',
    clock: random() < 0.6 ? Math.floor(random() * 1440) : null,
    ad: random() < 0.6 ? 1 : null,
    slide: random() < 0.5 ? 0 : null,
    shift: { x: 0, y: 0, columnX: 0, columnY: 0 },
    encoding: { format: random() < 0.3 ? 'png' : 'jpeg', quality: 80 },
  };
}

/** Another typeface than the page has. */
export function otherFont(random: Random, font: string): string {
  return pick(
    random,
    FONTS.filter(other => other !== font),
  );
}

/** Another colour of a status dot. */
export function otherDot(random: Random, dot: string): string {
  return pick(
    random,
    DOTS.filter(other => other !== dot),
  );
}

/** The page as a browser would have photographed it. */
export async function drawPage(page: Page): Promise<Buffer> {
  const { format, quality } = page.encoding;
  const drawn = sharp(Buffer.from(svgOf(page))).flatten({ background: page.theme.back });
  return format === 'png'
    ? drawn.png({ compressionLevel: 1 }).toBuffer()
    : drawn.jpeg({ quality }).toBuffer();
}

function svgOf(page: Page): string {
  const { theme, shift } = page;
  const body = page.shape === 'article' ? article(page) : dashboard(page);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${PAGE.width}" height="${PAGE.height}">
<rect width="100%" height="100%" fill="${theme.back}"/>
<g font-family="${page.font}" fill="${theme.ink}" transform="translate(${shift.x} ${shift.y})">
${header(page)}${body}
${text(24, 704, 11, `${page.site} · all rights reserved · contact · privacy`, theme.soft)}
</g></svg>`;
}

function text(x: number, y: number, size: number, words: string, fill = '', weight = 'normal'): string {
  const colour = fill === '' ? '' : ` fill="${fill}"`;
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}"${colour}>${words}</text>\n`;
}

function header({ theme, site, clock, banner }: Page): string {
  const nav = ['Home', 'News', 'Places', 'Prices', 'About'];
  const time =
    clock === null
      ? ''
      : text(
          860,
          34,
          15,
          `${String(Math.floor(clock / 60) % 24).padStart(2, '0')}:${String(clock % 60).padStart(2, '0')}`,
        );
  const told =
    banner === ''
      ? ''
      : `<rect x="24" y="56" width="912" height="26" rx="4" fill="${theme.accent}"/>${text(36, 74, 13, banner, '#ffffff')}`;
  return `<rect x="-2" y="-2" width="964" height="52" fill="${theme.card}"/>
${text(24, 34, 20, site, theme.accent, 'bold')}${nav.map((word, i) => text(280 + i * 84, 34, 14, word)).join('')}${time}${told}`;
}

function article(page: Page): string {
  const { shift, lines } = page;
  const column = [
    text(24, 112, 26, page.heading, '', 'bold'),
    ...lines.map((line, i) => text(24, 144 + i * 21, 14, line)),
    page.slide === null
      ? picture(24, 360, 600, 300, page.pictureSeed)
      : picture(24, 360, 600, 130, page.pictureSeed) + slides(24, 510, 600, 160, page.slide),
  ];
  const side = page.cards.map((_, i) => card(page, i, 660, 90 + i * 104, 276, 92));
  return `<g transform="translate(${shift.columnX} ${shift.columnY})">${column.join('')}</g>${side.join('')}${ad(page, 660, 420, 276, 230)}`;
}

function dashboard(page: Page): string {
  const cards = page.cards.map((_, i) =>
    card(page, i, 24 + (i % 4) * 232, 132 + Math.floor(i / 4) * 150, 216, 138),
  );
  const bottom =
    page.slide === null
      ? picture(24, 440, 300, 230, page.pictureSeed)
      : slides(24, 440, 300, 230, page.slide);
  const list = page.lines.slice(0, 6).map((line, i) => text(344, 462 + i * 24, 13, line.slice(0, 40)));
  return `${text(24, 112, 22, page.heading, '', 'bold')}<g transform="translate(${page.shift.columnX} ${page.shift.columnY})">${cards.join('')}</g>${bottom}${list.join('')}${ad(page, 700, 440, 236, 230)}`;
}

function card(
  { cards, theme }: Page,
  index: number,
  x: number,
  y: number,
  width: number,
  height: number,
): string {
  const one = cards[index];
  if (!one) return '';
  const step = (width - 32) / 11;
  const points = one.curve.map(
    (value, i) => `${(x + 16 + i * step).toFixed(1)},${(y + height - 10 - value * 30).toFixed(1)}`,
  );
  const curve =
    height > 100
      ? `<polyline points="${points.join(' ')}" fill="none" stroke="${theme.accent}" stroke-width="1.5"/>`
      : '';
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${theme.card}" stroke="${theme.line}"/>
${text(x + 16, y + 28, 13, one.label, theme.soft)}${text(x + 16, y + 64, 24, one.value, '', 'bold')}<circle cx="${x + width - 20}" cy="${y + 22}" r="5" fill="${one.dot}"/>${curve}`;
}

/** A picture that looks like a photograph from afar: sky, ground and things in it. */
function picture(x: number, y: number, width: number, height: number, seed: number): string {
  const random = randomOf(seed);
  const colour = () =>
    `hsl(${Math.floor(random() * 360)} ${30 + Math.floor(random() * 50)}% ${25 + Math.floor(random() * 50)}%)`;
  const id = `p${seed}`;
  const things = Array.from({ length: 14 }, () => {
    const [cx, cy] = [x + random() * width, y + random() * height];
    const most = Math.min(width, height) / 3;
    return random() < 0.5
      ? `<ellipse cx="${cx}" cy="${cy}" rx="${8 + random() * most}" ry="${8 + random() * most}" fill="${colour()}" fill-opacity=".7"/>`
      : `<rect x="${cx}" y="${cy}" width="${8 + random() * most}" height="${8 + random() * most}" fill="${colour()}" fill-opacity=".7"/>`;
  });
  return `<linearGradient id="${id}" x2=".3" y2="1"><stop stop-color="${colour()}"/><stop offset="1" stop-color="${colour()}"/></linearGradient>
<clipPath id="c${id}"><rect x="${x}" y="${y}" width="${width}" height="${height}"/></clipPath>
<g clip-path="url(#c${id})"><rect x="${x}" y="${y}" width="${width}" height="${height}" fill="url(#${id})"/>${things.join('')}</g>`;
}

function slides(x: number, y: number, width: number, height: number, slide: number): string {
  const words = text(x + 20, y + height - 24, 18, textOf(randomOf(slide + 77), 18), '#ffffff', 'bold');
  return `${picture(x, y, width, height, 4000 + slide)}${words}`;
}

function ad({ ad: number }: Page, x: number, y: number, width: number, height: number): string {
  if (number === null) return '';
  const random = randomOf(number);
  const words = text(x + 16, y + height / 2, 20, textOf(random, 12), '#ffffff', 'bold');
  return `${picture(x, y, width, height, 900_000 + number)}${words}`;
}
