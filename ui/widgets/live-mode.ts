/** Decides how a picture is kept fresh, so that hidden tiles cost nothing. */

/** What a live picture knows about itself. */
export interface LiveFacts {
  isTabShown: boolean;
  isInView: boolean;
  isPaused: boolean;
  isOnline: boolean;
  wantsStream: boolean;
  hasTurn: boolean;
}

/** `rest` fetches nothing, `last` fetches the last picture once, `stills` again and again, `stream` stays connected. */
export type LiveMode = 'rest' | 'last' | 'stills' | 'stream';

/** Whether it is worth waiting for a turn to stream. */
export function wantsTurn(facts: LiveFacts): boolean {
  return facts.isTabShown && facts.isInView && !facts.isPaused && facts.isOnline && facts.wantsStream;
}

/** How to keep the picture fresh now. */
export function liveMode(facts: LiveFacts): LiveMode {
  if (!facts.isTabShown || !facts.isInView) return 'rest';
  if (facts.isPaused || !facts.isOnline) return 'last';
  return facts.wantsStream && facts.hasTurn ? 'stream' : 'stills';
}
