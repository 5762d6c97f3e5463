/** Somebody with a browser: opens pages of the hub, and notes everything that goes wrong behind the page. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import { type ElementHandle, launch, type Page, type Viewport } from 'puppeteer-core';
import sharp from 'sharp';
import { findBrowser } from '#server/base/browser-find.ts';
import { until } from '#test/fakes/until.ts';

/** The rules that count: WCAG 2.1, A and AA. In the dark only colours differ. */
const RULES = {
  light: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
  dark: ['color-contrast', 'link-in-text-block'],
};
const AXE_FILE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** A person in front of a browser. */
export interface Visitor extends AsyncDisposable {
  page: Page;
  /** Errors of scripts and of the console, requests that failed and answers that refuse; empty when all is well. */
  troubles: string[];
  /** Waits for the element and clicks on it. */
  click(name: string): Promise<void>;
  /** Waits for the field and types over what stands in it. */
  type(name: string, text: string): Promise<void>;
  /** Waits until an element is there. */
  see(selector: string): Promise<ElementHandle>;
  /** Waits until a picture in the element is painted in a colour, `#rrggbb`. */
  seeColour(selector: string, colours: readonly string[]): Promise<void>;
  /** By how many pixels the page is wider than its screen. */
  excess(): Promise<number>;
  /** What axe has against the page in light and in dark, one line each; empty when it finds nothing. */
  barriers(): Promise<string[]>;
}

/** Screens that people have. */
export const SCREENS = {
  desk: { width: 1440, height: 900 },
  phone: { width: 390, height: 844, isMobile: true, hasTouch: true },
} satisfies Record<string, Viewport>;

/** Opens the browser with one page on a screen. */
export async function startVisitor(screen: Viewport): Promise<Visitor> {
  const executablePath = findBrowser(undefined);
  if (!executablePath) throw new Error('The test needs chromium-headless-shell or chromium.');
  // The tests may run as root, and then Chromium does without its sandbox or not at all.
  const browser = await launch({ executablePath, headless: 'shell', args: ['--no-sandbox'] });
  const page = await browser.newPage();
  await page.setViewport(screen);
  const troubles: string[] = [];
  noteTroubles(page, troubles);
  const see = async (selector: string) => {
    const found = await page.waitForSelector(selector);
    if (!found) throw new Error(`${selector} never came`);
    return found;
  };
  return {
    page,
    troubles,
    see,
    async click(name) {
      const selector = `[data-test="${name}"]`;
      // Away from the edges, where a phone's bar and messages lie over the page.
      await (await see(selector)).evaluate(element => element.scrollIntoView({ block: 'center' }));
      await page.locator(selector).click();
    },
    type: (name, text) => page.locator(`[data-test="${name}"]`).fill(text),
    async seeColour(selector, colours) {
      await see(selector);
      await until(`${selector} is painted in ${colours.join(' or ')}`, async () => {
        const [r, g, b] = await centreOf(await see(selector));
        return colours.some(colour => isNear([r, g, b], colour));
      });
    },
    // Not innerWidth: a phone zooms out until a page that is too wide fits.
    excess: () => page.evaluate(width => document.documentElement.scrollWidth - width, screen.width),
    barriers: () => findBarriers(page),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

function noteTroubles(page: Page, troubles: string[]): void {
  page.on('console', message => {
    if (['error', 'warn'].includes(message.type())) troubles.push(`console: ${message.text()}`);
  });
  page.on('pageerror', thrown => troubles.push(`script: ${String(thrown)}`));
  page.on('requestfailed', asked => {
    const why = asked.failure()?.errorText ?? '';
    // A stream that the page leaves, or a picture that it no longer wants, is ended by the page itself.
    if (why !== 'net::ERR_ABORTED') troubles.push(`${asked.method()} ${asked.url()}: ${why}`);
  });
  page.on('response', got => {
    if (got.status() >= 400) troubles.push(`${got.request().method()} ${got.url()}: ${got.status()}`);
  });
}

async function findBarriers(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(await readFile(AXE_FILE, 'utf8'));
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
    const { violations } = await page.evaluate(runAxe, RULES[theme]);
    found.push(
      ...violations.flatMap(({ id, nodes }) =>
        nodes.map(
          node => `${page.url()} in ${theme}: ${id} at ${node.target.join(' ')}: ${node.failureSummary}`,
        ),
      ),
    );
  }
  return found;
}

/** Runs in the page. Colours on their way from one theme to the other would count as they are. */
async function runAxe(rules: string[]): Promise<{ violations: axe.Result[] }> {
  const moves = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Infinity);
  await Promise.allSettled(moves.map(({ finished }) => finished));
  const { axe: tool } = globalThis as unknown as { axe: typeof axe };
  return tool.run(document, { runOnly: rules, resultTypes: ['violations'] });
}

/** The colour in the middle of what the screen shows of an element. */
async function centreOf(element: ElementHandle): Promise<[number, number, number]> {
  const { data, info } = await sharp(await element.screenshot())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * info.channels;
  return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
}

function isNear(seen: readonly number[], colour: string): boolean {
  const wanted = [1, 3, 5].map(from => Number.parseInt(colour.slice(from, from + 2), 16));
  return seen.every((value, i) => Math.abs(value - (wanted[i] ?? 0)) < 24);
}
