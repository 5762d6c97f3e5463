/** What this browser can do with a movie: append its pieces by itself, play HLS, or neither. */

/** Where a movie is found. */
export interface MovieAddresses {
  /** WebSocket with fragmented MP4. */
  socket: string;
  /** Playlist of HLS. */
  hls: string;
}

/** How to play. */
export type MovieWay = 'append' | 'hls';

type Scope = Pick<typeof globalThis, 'MediaSource'> & { ManagedMediaSource?: typeof MediaSource };

/** The class to append to. Phones of Apple have the managed one only, and others would rather be asked for it. */
export function sourceClass(scope: Partial<Scope> = globalThis): typeof MediaSource | undefined {
  return scope.ManagedMediaSource ?? scope.MediaSource;
}

/** The ways that are open, best first. */
export function movieWays(): MovieWay[] {
  const hasHls = document.createElement('video').canPlayType('application/vnd.apple.mpegurl') !== '';
  return [...(sourceClass() ? (['append'] as const) : []), ...(hasHls ? (['hls'] as const) : [])];
}
