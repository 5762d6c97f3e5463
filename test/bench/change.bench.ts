/** Whether a page changed: our ladder against pixelmatch, on drawn pairs of pages of which it is known. */
import pixelmatch from 'pixelmatch';
import sharp from 'sharp';
import { NoiseMap } from '#server/base/noise-map.ts';
import { diffPictures } from '#server/base/picture-diff.ts';
import { CELL } from '#server/base/picture-diff-cells.ts';
import type { Box } from '#server/base/picture-diff-regions.ts';
import { PAGE } from '#test/bench/change-page.ts';
import { type Pair, SEEDS, storyOf } from '#test/bench/change-pairs.ts';
import { machine, median, table } from '#test/bench/gauge.ts';

const AREA = PAGE.width * PAGE.height;
const THRESHOLDS = [0.05, 0.1, 0.2, 0.3, 0.5];
const SHARES = [0, 10, 20, 30, 50, 75, 100, 200, 500, 1000, 5000, 20_000].map(pixels => pixels / AREA);
const DEFAULT = { threshold: 0.1, share: 0 };

/** What every contestant said about a pair: yes or no, or the share of pixels for each threshold of pixelmatch. */
interface Judged extends Pick<Pair, 'kind' | 'isEdit'> {
  alone: boolean;
  learned: boolean;
  marked: boolean;
  pixels: Map<number, number>;
  /** Pixelmatch with the noisy places that our map learned painted over. */
  masked: Map<number, number>;
}

interface Score {
  precision: number;
  recall: number;
  f1: number;
}

const timesMs = { ours: [] as number[], pixelmatch: [] as number[] };

async function judge(seeds: readonly number[]): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const seed of seeds) {
    const { earlier, pairs, restless } = await storyOf(seed);
    const noise = await learn(earlier);
    const before = earlier.at(-1) ?? Buffer.alloc(0);
    const beforeRgba = await rgba(before);
    for (const { kind, isEdit, after } of pairs) {
      const beganMs = performance.now();
      const alone = (await diffPictures(before, after)).isChanged;
      timesMs.ours.push(performance.now() - beganMs);
      const learned = (await diffPictures(before, after, noise)).isChanged;
      const marked = (await diffPictures(before, after, restless)).isChanged;
      const decodingMs = performance.now();
      const afterRgba = await rgba(after);
      const shareAt = (boxes: Box[]) => pixelShares(paint(beforeRgba, boxes), paint(afterRgba, boxes));
      const pixels = shareAt([]);
      timesMs.pixelmatch.push((performance.now() - decodingMs) / THRESHOLDS.length);
      judged.push({ kind, isEdit, alone, learned, marked, pixels, masked: shareAt(noise) });
    }
    process.stderr.write('.');
  }
  return judged;
}

async function learn(earlier: readonly Buffer[]): Promise<Box[]> {
  const map = new NoiseMap();
  for (const [i, after] of earlier.entries()) {
    const before = earlier[i - 1];
    if (before) map.learn(await diffPictures(before, after));
  }
  return map.boxes();
}

async function rgba(image: Buffer): Promise<Buffer> {
  return sharp(image).ensureAlpha().raw().toBuffer();
}

function paint(pixels: Buffer, boxes: readonly Box[]): Buffer {
  if (boxes.length === 0) return pixels;
  const painted = Buffer.from(pixels);
  for (const { left, top, width, height } of boxes) {
    for (let y = top; y < Math.min(PAGE.height, top + height); y++) {
      painted.fill(0, (y * PAGE.width + left) * 4, (y * PAGE.width + Math.min(PAGE.width, left + width)) * 4);
    }
  }
  return painted;
}

function pixelShares(before: Buffer, after: Buffer): Map<number, number> {
  const share = (threshold: number) =>
    pixelmatch(before, after, undefined, PAGE.width, PAGE.height, { threshold }) / AREA;
  return new Map(THRESHOLDS.map(threshold => [threshold, share(threshold)]));
}

function scoreOf(judged: readonly Judged[], says: (one: Judged) => boolean): Score {
  const count = (isEdit: boolean, isTold: boolean) =>
    judged.filter(one => one.isEdit === isEdit && says(one) === isTold).length;
  const hits = count(true, true);
  const precision = hits / Math.max(1, hits + count(false, true));
  const recall = hits / Math.max(1, hits + count(true, false));
  return { precision, recall, f1: (2 * precision * recall) / Math.max(Number.EPSILON, precision + recall) };
}

/** The threshold and the share of pixels with the best F1 on the tuned pairs. */
function bestOf(judged: readonly Judged[], of: 'pixels' | 'masked'): typeof DEFAULT {
  const choices = THRESHOLDS.flatMap(threshold => SHARES.map(share => ({ threshold, share })));
  const f1 = (choice: typeof DEFAULT) => scoreOf(judged, matching(of, choice)).f1;
  return choices.reduce((best, choice) => (f1(choice) > f1(best) ? choice : best), DEFAULT);
}

function matching(of: 'pixels' | 'masked', { threshold, share }: typeof DEFAULT) {
  return (one: Judged) => (one[of].get(threshold) ?? 0) > share;
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const chosen = ({ threshold, share }: typeof DEFAULT) =>
  `threshold ${threshold}, more than ${Math.round(share * AREA)} pixels`;

/** How many of each kind were told right. */
function byKind(
  judged: readonly Judged[],
  contestants: ReadonlyArray<readonly [string, (one: Judged) => boolean]>,
) {
  const kinds = [...new Set(judged.map(({ kind }) => kind))];
  const rows = kinds.map(kind => {
    const of = judged.filter(one => one.kind === kind);
    const right = contestants.map(([, says]) => of.filter(one => says(one) === one.isEdit).length);
    return [of[0]?.isEdit ? 'edit' : 'none', kind, ...right.map(count => `${count}/${of.length}`)];
  });
  return table([['', 'kind', ...contestants.map(([name]) => name)], ...rows.sort()]);
}

console.log(
  `Changes of pages: ${SEEDS.tuned.length} drawn pages that limits were set with, ${SEEDS.heldOut.length} that were kept apart; ${PAGE.width}×${PAGE.height}, cells of ${CELL} pixels.`,
);
console.log(`${machine()}\n`);
const onlyTuned = process.argv.includes('tuned');
const tuned = await judge(SEEDS.tuned);
const heldOut = onlyTuned ? [] : await judge(SEEDS.heldOut);
const [best, bestMasked] = [bestOf(tuned, 'pixels'), bestOf(tuned, 'masked')];
const contestants = [
  ['pixelmatch as it comes', matching('pixels', DEFAULT)],
  ['pixelmatch at its best', matching('pixels', best)],
  ['… with our noise map', matching('masked', bestMasked)],
  ['ladder alone', (one: Judged) => one.alone],
  ['ladder, noise map', (one: Judged) => one.learned],
  ['ladder, places marked', (one: Judged) => one.marked],
] as const;
for (const [name, judged] of [
  ['tuned', tuned],
  ['held out', heldOut],
] as const) {
  if (judged.length === 0) continue;
  const edits = judged.filter(({ isEdit }) => isEdit).length;
  console.log(`\n${name}: ${judged.length} pairs, ${edits} with an edit`);
  const rows = contestants.map(([title, says]) => {
    const { precision, recall, f1 } = scoreOf(judged, says);
    return [title, percent(precision), percent(recall), f1.toFixed(3)];
  });
  console.log(table([['', 'precision', 'recall', 'F1'], ...rows]));
  console.log(`\n${byKind(judged, contestants)}`);
}
console.log(
  `\npixelmatch at its best on the tuned pairs: ${chosen(best)}; with our noise map: ${chosen(bestMasked)}.`,
);
console.log(
  `A pair takes ${median(timesMs.ours).toFixed(0)} ms (median, decoding both); pixelmatch with one threshold ${median(timesMs.pixelmatch).toFixed(0)} ms and decoding one.`,
);
console.log(
  `What the pairs are: invented articles and dashboards, drawn from seeds as JPEG or PNG. No edit: the same again, all or one column at most one pixel off, coarser JPEG, another time on the clock, another ad, another slide, another typeface; clock, ad and slide at once, now and then with jitter. Edits: one digit, one word, one coloured dot, a headline, a notice, a whole text, every figure, another picture; each also while the page is restless. The noise map learned from ten earlier pictures of the same page; nobody told it where to look. Aim: F1 of 0.95 on the pages kept apart, and above pixelmatch at its best.`,
);
console.log(
  'What this does not show: real pages. On those text wraps anew, pages grow and move, ads change size, and an edit can lie inside of a restless place, where the noise map hides it.',
);
