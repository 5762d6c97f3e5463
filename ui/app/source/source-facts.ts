/** What is known of a source, as names and values for people. */

import { tookText } from '#widgets/ages.ts';
import { scheduleWords } from '#widgets/schedule-words.ts';
import type { Source, SourceState } from '#widgets/shapes.ts';

/** What the hub counts for a source. */
export interface SourceStats {
  viewers: number;
  captures: number;
  captureBytes: number;
  events: number;
}

/** One fact. */
export interface Fact {
  name: string;
  value: string;
}

/** Bytes in the unit that people would use. */
export function sizeText(bytes: number, locale?: string): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: step > 1 ? 1 : 0 });
  return `${format.format(bytes / 1000 ** step)} ${units[step]}`;
}

/** The facts that are known now, in a fixed order; unknown ones are left out. */
export function factsOf(
  source: Source,
  state: SourceState | undefined,
  stats: SourceStats | undefined,
  kindTitle: string,
  locale?: string,
): Fact[] {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const facts: Array<[string, string | undefined]> = [
    ['Kind', kindTitle],
    ['Looked at', sentence(scheduleWords(source.schedule))],
    ['Picture', state?.width && state.height ? `${state.width} × ${state.height}` : undefined],
    ['Last picture took', state?.captureMs == null ? undefined : tookText(state.captureMs, locale)],
    ['Page title', state?.page?.title || undefined],
    ['Page answered', state?.page?.httpStatus === undefined ? undefined : String(state.page.httpStatus)],
    ['Motion, says the camera', motionText(state)],
    ['Watching now', stats && number.format(stats.viewers)],
    ['Kept pictures', stats && keptText(stats, number, locale)],
    [
      'Keeps',
      source.keep.newest > 0
        ? `${number.format(source.keep.newest)}, one ${scheduleWords(source.keep.every)}`
        : 'None',
    ],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

function motionText(state: SourceState | undefined): string | undefined {
  const motion = state?.triggers?.motion ?? null;
  if (motion === null) return undefined;
  return motion ? 'Something moves' : 'All is still';
}

function keptText(stats: SourceStats, number: Intl.NumberFormat, locale?: string): string {
  if (stats.captures === 0) return 'None yet';
  return `${number.format(stats.captures)} (${sizeText(stats.captureBytes, locale)})`;
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
