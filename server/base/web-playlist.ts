/** Playlists of HLS, with every address in them led to a place of ours. */
import { GlimpserError } from './errors.ts';
import { PAGE_LIMITS } from './web-book.ts';

/** Where the addresses of a playlist are led. */
export interface PlaylistPlaces {
  /** Another playlist. */
  list(url: URL): string;
  /** A piece of video, the beginning of one, or its key. */
  part(url: URL): string;
}

/** How many bytes a playlist may have: it is read in one go, and the hub stands still meanwhile. */
export const PLAYLIST_BYTES = 2_000_000;
/** Up to three lines an address. */
const MAX_LINES = 3 * PAGE_LIMITS.addresses;
/** The guard opens none that is longer. */
const MAX_ADDRESS = 4096;

const ATTRIBUTE = /\bURI=("[^"]*"|[^",\s]*)/g;

/** True for a list of playlists, such as one a size of the picture. */
export function namesPlaylists(text: string): boolean {
  return /^#EXT-X-STREAM-INF:/m.test(text);
}

/** A list of one playlist. */
export function listOfOne(address: string): string {
  return `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${address}\n`;
}

/**
 * The playlist with its addresses, which are relative to `base`, led elsewhere; what is no address is left out. Throws
 * `body-too-large` for a playlist that is too long.
 */
export function leadElsewhere(text: string, base: string, places: PlaylistPlaces): string {
  const place = namesPlaylists(text) ? places.list : places.part;
  let [count, characters] = [0, 0];
  const led = (address: string) => {
    const url = URL.parse(address, base);
    characters += url?.href.length ?? 0;
    if (++count > PAGE_LIMITS.addresses || characters > PAGE_LIMITS.characters) throw tooLong();
    return url === null || url.href.length > MAX_ADDRESS ? '' : place(url);
  };
  const all = text.split(/[\r\n\0]+/, MAX_LINES + 1);
  if (all.length > MAX_LINES) throw tooLong();
  const lines = all.map(line => {
    const isTag = line.startsWith('#');
    if (!isTag) return line.trim() === '' ? '' : led(line.trim());
    return line.replace(ATTRIBUTE, (_whole, value: string) => `URI="${led(value.replaceAll('"', ''))}"`);
  });
  return lines
    .filter(line => line !== '')
    .join('\n')
    .concat('\n');
}

function tooLong(): GlimpserError {
  const sentence = `The playlist names more than ${PAGE_LIMITS.addresses} pieces of video, or its addresses are very long, so it was not read. Enter a shorter one: many sites offer the last minutes alone.`;
  return new GlimpserError('body-too-large', sentence);
}
