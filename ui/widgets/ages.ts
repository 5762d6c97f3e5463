/** Instants and lengths of time as people say them. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago something was: `12 s ago`. */
export function ageText(ageMs: number): string {
  if (ageMs < 3 * SECOND) return 'just now';
  return `${spanText(ageMs)} ago`;
}

/** When something is due: `in 12 s`. */
export function untilText(ms: number): string {
  return ms <= SECOND ? 'now' : `in ${spanText(ms)}`;
}

/** What comes next after a failure: `Next try in 12 s.`, or that it runs already. */
export function nextTryText(ms: number): string {
  return ms > SECOND ? `Next try in ${spanText(ms)}.` : 'Trying now.';
}

/** A length of time in its largest unit, rounded down: `5 min`. */
export function spanText(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / SECOND))} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} days`;
}

/** How long a piece of work took: `0.4 s`, `85 ms`. */
export function tookText(ms: number, locale?: string): string {
  if (ms < 100) return `${Math.round(ms)} ms`;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(ms / SECOND)} s`;
}

/** Date and time in the reader's manner; the date is left out for today. */
export function instantText(iso: string, now: number, locale?: string): string {
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(locale, {
    ...(isToday ? {} : { dateStyle: 'medium' }),
    timeStyle: 'medium',
  }).format(at);
}

/** The day of an instant as a heading: `Today`, `Yesterday`, or the date. */
export function dayText(iso: string, now: number, locale?: string): string {
  const day = new Date(iso).toDateString();
  if (day === new Date(now).toDateString()) return 'Today';
  if (day === new Date(now - DAY).toDateString()) return 'Yesterday';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full' }).format(new Date(iso));
}

/** The time of day of an instant. */
export function timeText(iso: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(new Date(iso));
}
