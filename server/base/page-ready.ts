/** Decides when a page is ready for its picture: loaded, fonts there, images in view decoded, and then quiet. */
import type { Page } from 'puppeteer-core';
import { sentenceOf } from './errors.ts';

/** What ended the wait: quiet, or the thing that was not done in time. */
export type ReadyBy = 'quiet' | 'load-timeout' | 'fonts-timeout' | 'images-timeout' | 'still-changing';

/** How long to wait. */
export interface ReadyOptions {
  /** The page must not change for this long. */
  settleMs: number;
  /** After this long it is ready however it looks. */
  capMs: number;
}

const MAX_RELOADS = 3;

/** Waits until the page is ready; a page that moves itself elsewhere meanwhile is waited for anew. */
export async function waitUntilReady(page: Page, options: ReadyOptions): Promise<ReadyBy> {
  const quietCapMs = Math.max(2000, options.settleMs * 4);
  for (let reloads = 0; ; reloads++) {
    try {
      return await page.evaluate(readyInPage, { ...options, quietCapMs });
    } catch (thrown) {
      if (reloads >= MAX_RELOADS || !/context was destroyed|detached/i.test(sentenceOf(thrown))) throw thrown;
    }
  }
}

/** Runs inside the page: it is sent there as text, so it may use nothing of this file. */
async function readyInPage(options: ReadyOptions & { quietCapMs: number }): Promise<ReadyBy> {
  const startedAt = performance.now();
  const pause = (ms: number) => new Promise<'late'>(resolve => setTimeout(() => resolve('late'), ms));
  const isLate = async (done: Promise<unknown>) => {
    const leftMs = Math.max(0, options.capMs - (performance.now() - startedAt));
    return (await Promise.race([done, pause(leftMs)])) === 'late';
  };
  const loaded =
    document.readyState === 'complete' ||
    new Promise(resolve => window.addEventListener('load', resolve, { once: true }));
  if (await isLate(Promise.resolve(loaded))) return 'load-timeout';
  if (await isLate(document.fonts.ready)) return 'fonts-timeout';
  const inView = [...document.images].filter(image => {
    const box = image.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight && box.width > 0;
  });
  if (await isLate(Promise.allSettled(inView.map(image => image.decode())))) return 'images-timeout';
  return await new Promise<ReadyBy>(resolve => {
    const end = (how: ReadyBy) => {
      observer.disconnect();
      resolve(how);
    };
    let timer = setTimeout(end, options.settleMs, 'quiet');
    const observer = new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(end, options.settleMs, 'quiet');
    });
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    setTimeout(end, options.quietCapMs, 'still-changing');
  });
}
