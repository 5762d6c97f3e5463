/** Schedules in words and in milliseconds. */
import type { Schedule } from './shapes.ts';

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const UNIT_WORDS: Record<string, [string, string]> = {
  ms: ['millisecond', 'milliseconds'],
  s: ['second', 'seconds'],
  m: ['minute', 'minutes'],
  h: ['hour', 'hours'],
  d: ['day', 'days'],
};
const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/;
const DAILY = /^(\d{1,2}) (\d{1,2}) \* \* (\*|1-5)$/;

/** Number and unit of a written duration, or undefined when it is none. */
export function durationParts(text: string): { count: number; unit: string } | undefined {
  const found = DURATION.exec(text.trim());
  return found ? { count: Number(found[1]), unit: found[2] ?? 's' } : undefined;
}

/** Milliseconds of a written duration, or undefined when it is none. */
export function durationMs(text: string): number | undefined {
  const parts = durationParts(text);
  return parts && parts.count * (UNIT_MS[parts.unit] ?? 1000);
}

/** A written duration in words: `10s` is `10 seconds`. */
export function durationWords(text: string): string {
  const parts = durationParts(text);
  if (!parts) return text;
  const [one, many] = UNIT_WORDS[parts.unit] ?? ['', ''];
  return parts.count === 1 ? `1 ${one}` : `${parts.count} ${many}`;
}

/** A schedule as people say it: `all the time`, `when somebody looks`, `every 10 seconds`, `every day at 07:00`. */
export function scheduleWords(schedule: Schedule): string {
  if (schedule === 'live') return 'all the time';
  if (schedule === 'on-demand') return 'when somebody looks';
  if (typeof schedule === 'string') {
    const words = durationWords(schedule);
    return `every ${words.startsWith('1 ') ? words.slice(2) : words}`;
  }
  const daily = DAILY.exec(schedule.cron);
  if (!daily) return `at set times (${schedule.cron}, ${schedule.timezone})`;
  const time = `${daily[2]?.padStart(2, '0')}:${daily[1]?.padStart(2, '0')}`;
  const days = daily[3] === '*' ? 'every day' : 'Monday to Friday';
  return `${days} at ${time} (${schedule.timezone})`;
}

/** How often a still of a source is worth fetching, in milliseconds. */
export function stillEveryMs(schedule: Schedule): number {
  if (isSteady(schedule)) return 2000;
  const ms = typeof schedule === 'string' ? durationMs(schedule) : undefined;
  return Math.min(Math.max(ms ?? 60_000, 1000), 300_000);
}

/** True for sources that send for as long as somebody looks at them. */
export function isSteady(schedule: Schedule): boolean {
  return schedule === 'live' || schedule === 'on-demand';
}
