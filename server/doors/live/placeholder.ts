/** The picture that is shown while a source has none: its name and, in words, why. */
import { withSharp } from '#base/sharp.ts';

const WIDTH = 640;
const HEIGHT = 360;
const KEPT = 100;
const LINE_LETTERS = 52;
const LINES = 4;

/** What a placeholder says. */
export interface PlaceholderText {
  title: string;
  reason: string;
  width?: number | undefined;
}

/** Draws placeholders; the same words are drawn once. */
export class Placeholders {
  readonly #drawn = new Map<string, Promise<Buffer>>();

  /** A JPEG. Never rejects: at worst it is a plain dark picture. */
  draw(text: PlaceholderText): Promise<Buffer> {
    const key = JSON.stringify([text.title, text.reason, text.width]);
    const known = this.#drawn.get(key);
    if (known !== undefined) return known;
    const drawing = render(svgOf(text), text.width).catch(() => render(svgOf(undefined), text.width));
    this.#drawn.set(key, drawing);
    if (this.#drawn.size > KEPT) this.#dropOldest();
    return drawing;
  }

  #dropOldest(): void {
    const [oldest] = this.#drawn.keys();
    if (oldest !== undefined) this.#drawn.delete(oldest);
  }
}

function render(svg: string, width = WIDTH): Promise<Buffer> {
  const size = Math.min(Math.max(Math.round(width), 16), 3840);
  return withSharp(make =>
    make(Buffer.from(svg), { density: 72 * (size / WIDTH) })
      .resize({ width: size })
      .jpeg({ quality: 80 })
      .toBuffer(),
  );
}

function svgOf(text: PlaceholderText | undefined): string {
  const lines = text ? wrap(text.reason) : [];
  const reason = lines.map(
    (line, index) =>
      `<text x="320" y="${206 + index * 26}" font-size="18" fill="#a8b3c2">${escapeXml(line)}</text>`,
  );
  const title = text
    ? `<text x="320" y="160" font-size="28" font-weight="600" fill="#eef2f7">${escapeXml(cut(text.title, 36))}</text>`
    : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#161b22"/>
<g font-family="Inter, Noto Sans, DejaVu Sans, sans-serif" text-anchor="middle">${title}${reason.join('')}</g>
</svg>`;
}

/** Words in lines of bearable length; what does not fit is cut. */
function wrap(text: string): string[] {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? '';
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= LINE_LETTERS || line === '') lines[lines.length - 1] = cut(longer, LINE_LETTERS);
    else lines.push(cut(word, LINE_LETTERS));
  }
  const shown = lines.slice(0, LINES);
  if (lines.length > LINES) shown[LINES - 1] = `${cut(shown[LINES - 1] ?? '', LINE_LETTERS - 2)} …`;
  return shown;
}

function cut(text: string, letters: number): string {
  const all = Array.from(text);
  return all.length <= letters ? text : `${all.slice(0, letters - 1).join('')}…`;
}

/** Letters that XML cannot hold are left out. */
export function escapeXml(text: string): string {
  const NAMES: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[^\P{C}]/gu, ' ').replaceAll(/[&<>"']/g, letter => NAMES[letter] ?? '');
}
