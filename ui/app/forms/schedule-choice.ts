/** A schedule as the picker shows it, and back. */
import { durationParts } from '#widgets/schedule-words.ts';
import type { Schedule } from '#widgets/shapes.ts';

/** What the picker holds. */
export interface ScheduleChoice {
  manner: 'live' | 'on-demand' | 'every' | 'times';
  count: string;
  unit: string;
  cron: string;
  timezone: string;
}

/** Ready-made times. */
export const TIMES: Array<{ cron: string; label: string }> = [
  { cron: '0 * * * *', label: 'Every hour, on the hour' },
  { cron: '0 7 * * *', label: 'Every day at 07:00' },
  { cron: '0 7,19 * * *', label: 'Every day at 07:00 and 19:00' },
  { cron: '*/15 8-18 * * 1-5', label: 'Every 15 minutes in working hours' },
  { cron: '0 9 * * 1', label: 'Every Monday at 09:00' },
];

/** The picker for a schedule; `timezone` is what a new cron schedule gets. */
export function toChoice(schedule: Schedule, timezone: string): ScheduleChoice {
  const empty = { count: '10', unit: 's', cron: '0 7 * * *', timezone };
  if (schedule === 'live' || schedule === 'on-demand') return { ...empty, manner: schedule };
  if (typeof schedule !== 'string') return { ...empty, manner: 'times', ...schedule };
  const parts = durationParts(schedule);
  return { ...empty, manner: 'every', count: String(parts?.count ?? 10), unit: parts?.unit ?? 's' };
}

/** The schedule of the picker. */
export function fromChoice(choice: ScheduleChoice): Schedule {
  if (choice.manner === 'live' || choice.manner === 'on-demand') return choice.manner;
  if (choice.manner === 'every') return `${choice.count.trim()}${choice.unit}`;
  return { cron: choice.cron.trim().replace(/\s+/g, ' '), timezone: choice.timezone.trim() };
}
