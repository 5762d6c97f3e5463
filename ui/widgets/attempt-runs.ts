/** The story of a source: its attempts, those that say the same folded into one, each with what programs printed. */
import type { Attempt } from './shapes.ts';

/** Attempts in a row with the same outcome. */
export interface AttemptRun {
  newest: Attempt;
  oldest: Attempt;
  count: number;
  /** What programs printed meanwhile, oldest first, each with its time. */
  lines: string[];
}

/** What a line is cut to by the hub. */
const LINE_CHARACTERS = 500;

/** The runs of a trail, newest first as its attempts are; `lines` are oldest first. */
export function runsOf(attempts: readonly Attempt[], lines: readonly string[] = []): AttemptRun[] {
  const runs: AttemptRun[] = [];
  for (const [index, attempt] of attempts.entries()) {
    const printed = linesBetween(lines, attempts[index + 1]?.at, attempt);
    const last = runs.at(-1);
    if (last && outcomeOf(last.newest) === outcomeOf(attempt)) {
      last.oldest = attempt;
      last.count += 1;
      last.lines.unshift(...printed);
    } else runs.push({ newest: attempt, oldest: attempt, count: 1, lines: printed });
  }
  return runs;
}

/** What was printed since the newest attempt. */
export function linesSince(attempts: readonly Attempt[], lines: readonly string[]): string[] {
  const from = attempts[0]?.at ?? '';
  return lines.filter(line => instantOf(line) > from && !attempts.some(attempt => isSaidBy(attempt, line)));
}

/** Numbers differ from try to try, such as the seconds without a picture. */
function outcomeOf({ isSuccess, code, sentence }: Attempt): string {
  return `${isSuccess} ${code} ${sentence.replace(/\d+/g, '#')}`;
}

function linesBetween(lines: readonly string[], after: string | undefined, attempt: Attempt): string[] {
  return lines.filter(line => {
    const at = instantOf(line);
    return at > (after ?? '') && at <= attempt.at && !isSaidBy(attempt, line);
  });
}

function instantOf(line: string): string {
  return line.slice(0, line.indexOf(' '));
}

/** The hub notes each failure as a line, too. */
function isSaidBy({ code, sentence }: Attempt, line: string): boolean {
  const text = line.slice(line.indexOf(' ') + 1);
  return text === `${code}: ${sentence}`.slice(0, LINE_CHARACTERS);
}
