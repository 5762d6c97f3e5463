/** Folds attempts that say the same into one entry, so that a dead camera does not fill the page with one sentence. */
import type { Attempt } from './shapes.ts';

/** Attempts in a row with the same outcome. */
export interface AttemptRun {
  newest: Attempt;
  oldest: Attempt;
  count: number;
}

/** The runs of a trail; both are ordered newest first. */
export function runsOf(attempts: readonly Attempt[]): AttemptRun[] {
  const runs: AttemptRun[] = [];
  for (const attempt of attempts) {
    const last = runs.at(-1);
    if (last && last.newest.sentence === attempt.sentence && last.newest.isSuccess === attempt.isSuccess) {
      last.oldest = attempt;
      last.count += 1;
    } else runs.push({ newest: attempt, oldest: attempt, count: 1 });
  }
  return runs;
}
