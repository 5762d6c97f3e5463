/** Ticks of a schedule: the first at once, then by interval or by cron; ticks that are missed are skipped. */
import { Job } from 'node-schedule';
import type { Clock } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import { intervalMs, type Schedule } from '#model/schedule.ts';

/** A clock that was set is noticed after this long. */
const LOOK_MS = 30_000;

type Cron = Exclude<Schedule, string>;

/**
 * Yields when a source is due. Intervals go by the clock that never jumps; cron goes by the machine's own clock.
 * Ends by the rejection of the signal.
 * @example for await (const _ of ticks('10s', clock, signal)) await look(signal);
 */
export async function* ticks(
  schedule: Schedule,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<void, void, void> {
  if (typeof schedule === 'object' && nextCronAt(schedule) === null) throw wrongCron(schedule);
  const everyMs = intervalMs(schedule);
  let dueAt = clock.monotonic();
  yield;
  while (true) {
    if (typeof schedule === 'object') await cronTick(schedule, clock, signal);
    else {
      dueAt = nextDue(dueAt, everyMs ?? 1000, clock.monotonic());
      await clock.sleep(Math.max(0, dueAt - clock.monotonic()), signal);
    }
    yield;
  }
}

/**
 * The tick after a look, in epoch milliseconds; null for live and for a cron that never comes true. Cron
 * counts from the machine's own time.
 */
export function nextTickAt(schedule: Schedule, lookedAt: number): number | null {
  if (typeof schedule === 'object') return nextCronAt(schedule);
  const everyMs = intervalMs(schedule);
  return everyMs === undefined ? null : lookedAt + everyMs;
}

function nextDue(dueAt: number, everyMs: number, now: number): number {
  const missed = Math.max(0, Math.floor((now - dueAt) / everyMs));
  return dueAt + (missed + 1) * everyMs;
}

function nextCronAt(schedule: Cron): number | null {
  const job = new Job(() => undefined);
  try {
    job.schedule(ruleOf(schedule));
    return job.nextInvocation()?.getTime() ?? null;
  } finally {
    job.cancel();
  }
}

/** Waits in short steps: a timer counts time that passes, and the machine's clock may be set meanwhile. */
async function cronTick(schedule: Cron, clock: Clock, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let dueAt = dueOf(schedule);
  for (let seenAt = clock.now(); seenAt < dueAt; ) {
    await clock.sleep(Math.min(dueAt - seenAt, LOOK_MS), signal);
    const now = clock.now();
    if (now < seenAt) dueAt = dueOf(schedule);
    seenAt = now;
  }
}

function dueOf(schedule: Cron): number {
  const at = nextCronAt(schedule);
  if (at === null) throw wrongCron(schedule);
  return at;
}

function ruleOf({ cron, timezone }: Cron): { rule: string; tz: string } {
  return { rule: cron, tz: timezone };
}

function wrongCron({ cron }: Cron): GlimpserError {
  return new GlimpserError(
    'settings-invalid',
    `“${cron}” is not a cron expression that ever comes true. Correct the schedule, such as 0 7 * * * for every day at 7.`,
  );
}
