/** What the page says about a search, in words. */
import type { Found, Scan, Subnet } from './shapes.ts';

/** What to look at when nothing answered; test/ui/find-words.test.ts holds the ports against those that the hub tries. */
export const ADVICE = [
  'Check that the camera is switched on and in this network. Some have ONVIF and RTSP switched off until you switch them on in their own app.',
  'The hub asks at the ports 554, 8554 and 10554 for video, and at 80, 81, 2020, 8000, 8080 and 8899 for pictures and ONVIF; a camera at another port is added by its address.',
  'In a container, the hub sees your network only when it shares the network of the host.',
];

/** Help below the field of addresses. */
export function addressHelp(subnets: readonly Subnet[]): string {
  const example = 'a private network such as 192.168.1.0/24, or one address';
  if (subnets.length > 0) return `${capital(example)}.`;
  return `The hub itself is in no private network. Write ${example}.`;
}

/** What is said when no address was written. */
export function addressGap(subnets: readonly Subnet[]): string {
  const more = subnets.length > 0 ? ' You can also choose a network of the hub from the list.' : '';
  return `Write what to look through, such as 192.168.1.0/24.${more}`;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

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
