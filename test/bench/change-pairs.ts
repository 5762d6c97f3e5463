/** Pairs of pictures for the benchmark of changes: what nobody cares about, and what somebody edited, both known. */
import {
  drawPage,
  figureOf,
  newPage,
  otherDot,
  otherFont,
  type Page,
  pick,
  type Random,
  randomOf,
  textOf,
} from './change-page.ts';

/** Seeds that the limits were set with, and seeds that were kept apart for the last word. Fixed for good. */
export const SEEDS = {
  tuned: Array.from({ length: 14 }, (_, i) => 1000 + i),
  heldOut: Array.from({ length: 28 }, (_, i) => 50_000 + i),
};

/** Pictures of a page before the pair, of which a noise map may learn. */
export const EARLIER = 10;

/** Two pictures and whether somebody would want to know. */
export interface Pair {
  seed: number;
  kind: string;
  isEdit: boolean;
  after: Buffer;
}

/** A page: its earlier pictures, the newest last, and what may come next. */
export interface Story {
  earlier: Buffer[];
  pairs: Pair[];
  /** Where the page is restless, as a person would mark it. */
  restless: Array<{ left: number; top: number; width: number; height: number }>;
}

type Change = (page: Page, random: Random) => void;

const small = (random: Random, most: number) => Math.round((random() * 2 - 1) * most * 4) / 4;

const NOISE: Record<string, { fits: (page: Page) => boolean; apply: Change }> = {
  again: { fits: () => true, apply: () => undefined },
  jitter: {
    fits: () => true,
    apply(page, random) {
      page.shift = { x: small(random, 0.5), y: small(random, 0.5), columnX: 0, columnY: 0 };
    },
  },
  'jitter of a column': {
    fits: () => true,
    apply(page, random) {
      page.shift = { x: 0, y: 0, columnX: small(random, 0.5), columnY: small(random, 0.5) };
    },
  },
  'coarser JPEG': {
    fits: page => page.encoding.format === 'jpeg',
    apply(page, random) {
      page.encoding = { format: 'jpeg', quality: pick(random, [70, 75, 85, 90]) };
    },
  },
  clock: {
    fits: page => page.clock !== null,
    apply(page, random) {
      if (page.clock !== null) page.clock = (page.clock + 1 + Math.floor(random() * 30)) % 1440;
    },
  },
  ad: {
    fits: page => page.ad !== null,
    apply(page, random) {
      if (page.ad !== null) page.ad = Math.floor(random() * 1e6);
    },
  },
  carousel: {
    fits: page => page.slide !== null,
    apply(page, random) {
      if (page.slide !== null) page.slide = (page.slide + 1 + Math.floor(random() * 4)) % 5;
    },
  },
  'font swap': {
    fits: () => true,
    apply(page, random) {
      page.font = otherFont(random, page.font);
    },
  },
};

const EDITS: Record<string, Change> = {
  'one number': (page, random) => {
    const card = pick(random, page.cards);
    const digits = [...card.value.matchAll(/\d/g)].map(({ index }) => index);
    const at = pick(random, digits);
    const digit = (Number(card.value[at]) + 1 + Math.floor(random() * 8)) % 10;
    card.value = card.value.slice(0, at) + digit + card.value.slice(at + 1);
  },
  'one word': (page, random) => {
    const lines = page.shape === 'article' ? page.lines.length : 5;
    const at = Math.floor(random() * lines);
    const words = (page.lines[at] ?? '').split(' ');
    // The lists of dashboards are cut: only the first words are sure to be seen.
    const which = 1 + Math.floor(random() * Math.min(3, words.length - 1));
    const before = words[which];
    while (words[which] === before) words[which] = textOf(random, 4).toLowerCase().split(' ')[0] ?? '';
    page.lines[at] = words.join(' ');
  },
  'one status colour': (page, random) => {
    const card = pick(random, page.cards);
    card.dot = otherDot(random, card.dot);
  },
  'a headline': (page, random) => {
    page.heading = textOf(random, 24);
  },
  'a notice appears': (page, random) => {
    page.banner = textOf(random, 50);
  },
  'a whole text': (page, random) => {
    page.lines = page.lines.map(() => textOf(random, 40 + random() * 30));
  },
  'every figure': (page, random) => {
    for (const card of page.cards) card.value = figureOf(random);
  },
  'another picture': (page, random) => {
    if (page.shape === 'dashboard' && page.slide !== null) page.heading = textOf(random, 20);
    else page.pictureSeed = Math.floor(random() * 1e9);
  },
};

const RESTLESS = ['clock', 'ad', 'carousel'];

/** Everything about the page of a seed. */
export async function storyOf(seed: number): Promise<Story> {
  const random = randomOf(seed * 7919 + 13);
  const page = newPage(seed);
  const earlier: Buffer[] = [];
  let now = page;
  for (let i = 0; i < EARLIER; i++) {
    now = structuredClone(now);
    if (i > 0) makeRestless(now, random);
    earlier.push(await drawPage(now));
  }
  const pairs: Pair[] = [];
  for (const [kind, { fits, apply }] of Object.entries(NOISE)) {
    // Twice, so that there are about as many pairs without an edit as with one.
    for (let times = 0; times < 2 && fits(page); times++) {
      pairs.push(await pairOf(seed, kind, false, now, next => apply(next, random)));
    }
  }
  pairs.push(await pairOf(seed, 'all at once', false, now, next => makeRestless(next, random)));
  for (const [kind, apply] of Object.entries(EDITS)) {
    pairs.push(await pairOf(seed, kind, true, now, next => apply(next, random)));
    pairs.push(
      await pairOf(seed, `${kind}, restless`, true, now, next => {
        makeRestless(next, random);
        apply(next, random);
      }),
    );
  }
  return { earlier, pairs, restless: restlessOf(page) };
}

function makeRestless(page: Page, random: Random): void {
  for (const kind of RESTLESS) NOISE[kind]?.apply(page, random);
  NOISE[random() < 0.3 ? 'jitter' : 'again']?.apply(page, random);
}

async function pairOf(
  seed: number,
  kind: string,
  isEdit: boolean,
  before: Page,
  change: (page: Page) => void,
): Promise<Pair> {
  const page = structuredClone(before);
  // Where the page stood before is kept, or a pair would measure the way back to no jitter.
  change(page);
  return { seed, kind, isEdit, after: await drawPage(page) };
}

function restlessOf({ shape, clock, ad, slide }: Page): Story['restless'] {
  const isArticle = shape === 'article';
  const boxes: Story['restless'] = [];
  if (clock !== null) boxes.push({ left: 848, top: 14, width: 80, height: 30 });
  if (ad !== null)
    boxes.push(
      isArticle
        ? { left: 656, top: 416, width: 284, height: 238 }
        : { left: 696, top: 436, width: 244, height: 238 },
    );
  if (slide !== null)
    boxes.push(
      isArticle
        ? { left: 20, top: 506, width: 608, height: 168 }
        : { left: 20, top: 436, width: 308, height: 238 },
    );
  return boxes;
}
