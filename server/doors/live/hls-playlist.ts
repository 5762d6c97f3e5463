/** The playlist of HLS (RFC 8216) for a movie that goes on. */

/** A segment as the playlist names it. */
export interface ListedSegment {
  /** Counts up from 0. */
  number: number;
  durationMs: number;
  /** Which movie it belongs to: another one has another beginning. */
  movie: number;
}

/** What a playlist tells. */
export interface Playlist {
  segments: readonly ListedSegment[];
  /** No segment was ever longer. */
  longestMs: number;
  /** How many changes of the movie lie before the first segment. */
  changes: number;
}

/** Writes the playlist. `query` goes behind every address, such as `token=…`; it may be empty. */
export function writePlaylist({ segments, longestMs, changes }: Playlist, query: string): string {
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.round(longestMs / 1000))}`,
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.number ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${changes}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
  ];
  let movie: number | undefined;
  for (const segment of segments) {
    if (movie !== undefined && segment.movie !== movie) lines.push('#EXT-X-DISCONTINUITY');
    if (segment.movie !== movie) {
      const words = [segment.movie === 0 ? '' : `movie=${segment.movie}`, query];
      lines.push(`#EXT-X-MAP:URI="init.mp4${queryOf(words)}"`);
    }
    movie = segment.movie;
    lines.push(
      `#EXTINF:${(segment.durationMs / 1000).toFixed(3)},`,
      `${segment.number}.m4s${queryOf([query])}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function queryOf(words: readonly string[]): string {
  const query = words.filter(word => word !== '').join('&');
  return query === '' ? '' : `?${query}`;
}
