/** A movie in a video element, whichever way it gets there. */

/** How a movie ended by itself: it is over and the next one can be had, this way does not work, or no way will. */
export type MovieEnd = 'over' | 'failed' | 'none';

/** A movie that plays. */
export interface PlayedMovie {
  readonly hasSound: boolean;
  /** How far behind the hub a picture of the movie is, in milliseconds; undefined while unknown. */
  behindMs(mediaTimeS: number, shownMs: number): number | undefined;
  /** Ends it without a word. */
  stop(): void;
}
