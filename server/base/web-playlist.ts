/** Playlists of HLS, with every address in them led to a place of ours. */

/** Where the addresses of a playlist are led. */
export interface PlaylistPlaces {
  /** Another playlist. */
  list(url: URL): string;
  /** A piece of video, the beginning of one, or its key. */
  part(url: URL): string;
}

/** How many bytes a playlist may have; a day in pieces of two seconds has fewer. */
export const PLAYLIST_BYTES = 8_000_000;

const ATTRIBUTE = /\bURI=("[^"]*"|[^",\s]*)/g;

/** True for a list of playlists, such as one a size of the picture. */
export function namesPlaylists(text: string): boolean {
  return /^#EXT-X-STREAM-INF:/m.test(text);
}

/** A list of one playlist. */
export function listOfOne(address: string): string {
  return `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${address}\n`;
}

/** The playlist with its addresses, which are relative to `base`, led elsewhere; what is no address is left out. */
export function leadElsewhere(text: string, base: string, places: PlaylistPlaces): string {
  const place = namesPlaylists(text) ? places.list : places.part;
  const led = (address: string) => {
    const url = URL.parse(address, base);
    return url === null ? '' : place(url);
  };
  const lines = text.split(/[\r\n\0]+/).map(line => {
    const isTag = line.startsWith('#');
    if (!isTag) return line.trim() === '' ? '' : led(line.trim());
    return line.replace(ATTRIBUTE, (_whole, value: string) => `URI="${led(value.replaceAll('"', ''))}"`);
  });
  return lines
    .filter(line => line !== '')
    .join('\n')
    .concat('\n');
}
