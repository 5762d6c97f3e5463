/** What a state means for events: something is wrong, all is well, nothing is looked at, or too early to say. */
import type { SourceState } from '#model/state.ts';

/** The meaning of a state. */
export type Verdict = 'wrong' | 'fine' | 'off' | 'unclear';

/**
 * A camera is wrong when it is offline by an error; one failed try is not enough. A page is wrong with the first load
 * that fails, and when it answers 400 or more.
 */
export function verdictOf(state: SourceState, family: 'camera' | 'website'): Verdict {
  if (state.status === 'disabled') return 'off';
  if (state.status === 'error') return 'wrong';
  if (family === 'website' && (state.code !== null || (state.page?.httpStatus ?? 0) >= 400)) return 'wrong';
  return state.status === 'ok' ? 'fine' : 'unclear';
}
