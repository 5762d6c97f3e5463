/** Ticks of a schedule: the first at once, then by interval or by cron; ticks that are missed are skipped. */
import { Job } from 'node-schedule';
import type { Clock } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import { intervalMs, type Schedule } from '#model/schedule.ts';

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
  if (typeof schedule === 'object') nextCronAt(schedule);
  const everyMs = intervalMs(schedule);
  let dueAt = clock.monotonic();
  yield;
  while (true) {
    if (typeof schedule === 'object') await cronTick(schedule, signal);
    else {
      dueAt = nextDue(dueAt, everyMs ?? 1000, clock.monotonic());
      await clock.sleep(Math.max(0, dueAt - clock.monotonic()), signal);
    }
    yield;
  }
}

/** When a source would be looked at next if it were looked at now; null for live. Epoch milliseconds. */
export function nextTickAt(schedule: Schedule, now: number): number | null {
  if (typeof schedule === 'object') return nextCronAt(schedule);
  const everyMs = intervalMs(schedule);
  return everyMs === undefined ? null : now + everyMs;
}

function nextDue(dueAt: number, everyMs: number, now: number): number {
  const missed = Math.max(0, Math.floor((now - dueAt) / everyMs));
  return dueAt + (missed + 1) * everyMs;
}

function nextCronAt(schedule: Cron): number {
  const job = startJob(schedule, () => undefined);
  try {
    // The declared Date is a cron date, which answers getTime alike.
    const next = job.nextInvocation();
    if (next) return next.getTime();
    throw wrongCron(schedule);
  } finally {
    job.cancel();
  }
}

async function cronTick(schedule: Cron, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const job = startJob(schedule, resolve);
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    job.cancel();
  }
}

function startJob({ cron, timezone }: Cron, call: () => void): Job {
  const job = new Job(call);
  if (job.schedule({ rule: cron, tz: timezone })) return job;
  job.cancel();
  throw wrongCron({ cron, timezone });
}

function wrongCron({ cron }: Cron): GlimpserError {
  return new GlimpserError(
    'settings-invalid',
    `“${cron}” is not a cron expression that ever comes true. Correct the schedule, such as 0 7 * * * for every day at 7.`,
  );
}
