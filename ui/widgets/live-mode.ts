/** Decides how a picture is kept fresh, so that hidden tiles cost nothing. */

/** What stays connected: a movie where there is one, else MJPEG. */
export type LiveWish = 'movie' | 'stream';

/** What a live picture knows about itself. */
export interface LiveFacts {
  isTabShown: boolean;
  isInView: boolean;
  isPaused: boolean;
  isOnline: boolean;
  /** What it would stay connected by; undefined: stills only. */
  wish: LiveWish | undefined;
  hasTurn: boolean;
}

/** `rest` fetches nothing, `last` fetches the last picture once, `stills` again and again, the others stay connected. */
export type LiveMode = 'rest' | 'last' | 'stills' | LiveWish;

/** What it is worth waiting for a turn for. */
export function wishNow(facts: LiveFacts): LiveWish | undefined {
  const isWorth = facts.isTabShown && facts.isInView && !facts.isPaused && facts.isOnline;
  return isWorth ? facts.wish : undefined;
}

/** How to keep the picture fresh now. */
export function liveMode(facts: LiveFacts): LiveMode {
  if (!facts.isTabShown || !facts.isInView) return 'rest';
  if (facts.isPaused || !facts.isOnline) return 'last';
  return facts.wish && facts.hasTurn ? facts.wish : 'stills';
}
