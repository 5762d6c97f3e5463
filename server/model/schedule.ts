/** When a source is looked at: `live`, `on-demand`, an interval such as `10s`, or a cron expression with a time zone. */
import cronParser from 'cron-parser';
import { z } from 'zod';
import { durationMs } from '#base/duration.ts';

/** Shortest and longest interval that a source may have. */
export const INTERVAL_MS = { min: 200, max: 7 * 86_400_000 } as const;

const ANY_DAY = new Date('2026-01-01T00:00:00Z');
const CRON = /^\S+( \S+){4,5}$/;

const cronSchedule = z.strictObject({
  cron: z
    .string()
    .regex(CRON, 'must be a cron expression with 5 or 6 fields, such as 0 7 * * *')
    .refine(comesTrue, 'must be a cron expression that comes true, such as 0 7 * * * for every day at 7')
    .describe('When to look, as cron writes it'),
  timezone: z
    .string()
    .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
    .default('UTC')
    .describe('Time zone of the cron expression'),
});

const writtenSchedule = z
  .string()
  .refine(text => text === 'live' || text === 'on-demand' || isInterval(text), {
    message:
      'must be live, on-demand, an interval from 200ms to 7d such as 10s, or {"cron": "0 7 * * *", "timezone": "Europe/Berlin"}',
  });

/** The schedule of a source, as it is written in settings. */
export const scheduleSchema = z.union([writtenSchedule, cronSchedule]).meta({ id: 'Schedule' });

/** A checked schedule. */
export type Schedule = z.output<typeof scheduleSchema>;

/** Milliseconds between two looks, or undefined for live, on-demand and cron. */
export function intervalMs(schedule: Schedule): number | undefined {
  return typeof schedule === 'string' ? durationMs(schedule) : undefined;
}

function isInterval(text: string): boolean {
  const ms = durationMs(text);
  return ms !== undefined && ms >= INTERVAL_MS.min && ms <= INTERVAL_MS.max;
}

/** By the parser that runs the schedule. Some expressions are well formed and name a day that never comes. */
function comesTrue(cron: string): boolean {
  try {
    cronParser.parseExpression(cron, { currentDate: ANY_DAY, tz: 'UTC' }).next();
    return true;
  } catch {
    return false;
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
