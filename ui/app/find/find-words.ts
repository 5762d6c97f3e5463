/** What the page says about a search, in words. */
import type { Found, Scan } from './shapes.ts';

/** How far a search is, from 0 to 1; it never seems done before it is. */
export function shareOf({ done, total, status }: Scan): number {
  if (status !== 'running') return 1;
  return total === 0 ? 0 : Math.min(done / total, 0.97);
}

/** One sentence on a search: `Looking… 2 cameras so far`. */
export function scanWords({ status, found }: Scan): string {
  const count = found === 1 ? '1 camera' : `${found} cameras`;
  if (status === 'running') return found === 0 ? 'Looking through the network…' : `Looking… ${count} so far`;
  if (status === 'cancelled') return found === 0 ? 'Stopped.' : `Stopped. ${count} found until then.`;
  return found === 0 ? 'Done. No camera answered.' : `Done. ${count} found.`;
}

/** The state of something that was found, with the tone that picks its colour. */
export function foundState({ sourceId, needsLogin, hasPicture }: Found): { words: string; tone: string } {
  if (sourceId !== null) return { words: 'Added already', tone: 'is-here' };
  if (needsLogin) return { words: 'Needs a login', tone: '' };
  return hasPicture ? { words: 'Ready', tone: 'is-here' } : { words: 'No picture yet', tone: '' };
}

/** True when it can be added with one click: nothing has to be asked. */
export function isReady({ needsLogin, hasPicture, sourceId }: Found): boolean {
  return !needsLogin && hasPicture && sourceId === null;
}

/** By address, so that nothing jumps while more is found. */
export function inOrder(found: readonly Found[]): Found[] {
  const numeric = new Intl.Collator('en', { numeric: true });
  return found.toSorted((a, b) => numeric.compare(a.address, b.address));
}
