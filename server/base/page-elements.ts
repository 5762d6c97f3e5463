/** Finds, waits for and hides elements of a page by CSS selector or XPath. */
import type { ElementHandle, Page } from 'puppeteer-core';
import { GlimpserError, sentenceOf } from './errors.ts';

/** The first element that fits. Throws `element-missing` when there is none. */
export async function findElement(page: Page, selector: string): Promise<ElementHandle<Element>> {
  const found = await readable(selector, () => page.$(toQuery(selector)));
  if (found) return found;
  throw new GlimpserError('element-missing', `“${selector}” fits nothing on the page. Check the selector.`);
}

/** Waits until an element is visible. Throws `element-missing` when it does not come in time. */
export async function waitForElement(page: Page, selector: string, timeoutMs: number): Promise<void> {
  const seconds = Math.round(timeoutMs / 1000);
  try {
    await readable(selector, () =>
      page.waitForSelector(toQuery(selector), { visible: true, timeout: timeoutMs }),
    );
  } catch (cause) {
    if (!isPageTimeout(cause)) throw cause;
    const sentence = `“${selector}” did not appear on the page within ${seconds} s. Check the selector.`;
    throw new GlimpserError('element-missing', sentence, { cause });
  }
}

/** Hides everything that fits; what fits nothing is no failure, since banners come and go. Returns how many. */
export async function hideElements(page: Page, selectors: readonly string[]): Promise<number> {
  let hidden = 0;
  for (const selector of selectors) {
    hidden += await readable(selector, () =>
      page.$$eval(toQuery(selector), elements => {
        for (const element of elements) {
          (element as HTMLElement).style?.setProperty('display', 'none', 'important');
        }
        return elements.length;
      }),
    );
  }
  return hidden;
}

function isXpath(selector: string): boolean {
  return /^\(*\.?\//.test(selector.trim());
}

function toQuery(selector: string): string {
  return isXpath(selector) ? `xpath/${selector.trim()}` : selector;
}

async function readable<T>(selector: string, query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (cause) {
    if (!/not a valid (selector|XPath)|SyntaxError|is not valid|Query set to use/i.test(sentenceOf(cause)))
      throw cause;
    const kind = isXpath(selector) ? 'an XPath' : 'a CSS selector';
    throw new GlimpserError(
      'element-missing',
      `“${selector}” cannot be read as ${kind}. Check how it is written.`,
      {
        cause,
      },
    );
  }
}

/** Known by its name: the class would load the whole library, which a hub without websites never needs. */
export function isPageTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'TimeoutError';
}
