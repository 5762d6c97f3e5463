/** Makes a text ready to be compared: what does not matter is taken out, line by line, before it can count as a change. */
import { createContext, Script } from 'node:vm';
import { GlimpserError } from './errors.ts';
import { linesOf } from './text-diff.ts';

/** One step; they are taken in order. `text` is compared without regard to upper and lower case. */
export type TextFilter =
  | { do: 'remove' | 'keep'; text: string }
  /** Removes what matches from each line, keeps only what matches of each, or drops the lines that match. */
  | { do: 'remove-matches' | 'keep-matches' | 'remove-lines'; pattern: string }
  /** `numbers` keeps only the numbers of each line, `trim` also leaves out empty lines. */
  | { do: 'sort' | 'unique' | 'numbers' | 'trim' };

/** Longer texts are cut: a page of 2 MB of text is no page that people read. */
const MOST_LETTERS = 500_000;
const MOST_PATTERN = 500;
/** How long the matches of one pattern over a whole text may take. */
const PATTERN_MS = 100;

/**
 * The text after all filters. Throws `settings-invalid` for a pattern that is wrong or may take for ever. Patterns may
 * hold the thread for a tenth of a second each.
 */
export function filterText(text: string, filters: readonly TextFilter[]): string {
  let lines = linesOf(text.slice(0, MOST_LETTERS));
  for (const filter of filters) lines = apply(lines, filter);
  return lines.join('\n');
}

function apply(lines: string[], filter: TextFilter): string[] {
  switch (filter.do) {
    case 'remove':
      return lines.filter(line => !has(line, filter.text));
    case 'keep':
      return lines.filter(line => has(line, filter.text));
    case 'remove-matches':
    case 'keep-matches':
    case 'remove-lines':
      return applyPattern(lines, filter.pattern, filter.do);
    case 'sort':
      return lines.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
    case 'unique':
      return [...new Set(lines)];
    case 'numbers':
      return lines.map(numbersOf).filter(line => line !== '');
    case 'trim':
      return lines.map(line => line.trim().replace(/\s+/g, ' ')).filter(line => line !== '');
  }
}

function has(line: string, text: string): boolean {
  return line.toLowerCase().includes(text.toLowerCase());
}

/** Digits with what stands between and before them: 1,299.00, -4.5, 12. */
function numbersOf(line: string): string {
  return (line.match(/[-−]?\d+(?:[.,]\d+)*/g) ?? []).join(' ');
}

const RUN = new Script(`
  const expression = new RegExp(pattern, 'gu');
  answer = lines.map(line => ({
    'remove-matches': () => line.replace(expression, ''),
    'keep-matches': () => (line.match(expression) ?? []).join(' '),
    'remove-lines': () => (line.search(expression) < 0 ? line : null),
  })[work]());
`);

/** In a context of its own, because only there an expression that would run for ever can be stopped. */
function applyPattern(lines: string[], pattern: string, work: string): string[] {
  if (pattern.length > MOST_PATTERN) throw refused(pattern, `is longer than ${MOST_PATTERN} letters`);
  try {
    new RegExp(pattern, 'gu');
  } catch (thrown) {
    throw refused(pattern, 'is no regular expression', thrown);
  }
  const place: { answer?: Array<string | null> } & object = {
    lines,
    pattern,
    work,
    answer: undefined,
  } as object;
  try {
    RUN.runInContext(createContext(place), { timeout: PATTERN_MS });
  } catch (thrown) {
    throw refused(pattern, 'takes too long on this text', thrown);
  }
  const found = (place.answer ?? []).filter(line => line !== null);
  return work === 'keep-matches' ? found.filter(line => line !== '') : found;
}

function refused(pattern: string, why: string, cause?: unknown): GlimpserError {
  const shown = pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern;
  const sentence = `The pattern “${shown}” ${why}. Write it more simply, or filter by plain text.`;
  return new GlimpserError('settings-invalid', sentence, { cause });
}
