/** Judges an address by its text alone, so that what is never opened can be refused where it is written. */
import { isNeverOpened, plainAddress, SORT_NAMES, sortOf } from './egress-addresses.ts';
import { isReadable, readUrl } from './egress-url.ts';

/**
 * Why an address is never opened, whatever the settings say; undefined for names, which are looked up when they are
 * opened, and for what cannot be read as an address.
 * @example neverOpened('http://169.254.169.254/') // '169.254.169.254 is a cloud metadata address; it is never opened'
 */
export function neverOpened(text: string): string | undefined {
  const address = plainAddress(hostOf(text) ?? '');
  if (address === undefined) return undefined;
  const sort = sortOf(address);
  return isNeverOpened(sort) ? `${address} is ${SORT_NAMES[sort]}; it is never opened` : undefined;
}

function hostOf(text: string): string | undefined {
  if (!isReadable(text)) return undefined;
  try {
    return readUrl(text, [text.slice(0, text.indexOf(':'))]).host;
  } catch {
    // Whoever reads it as an address says what is wrong with it; a password may look like one.
    return undefined;
  }
}
