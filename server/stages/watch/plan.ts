/** How a source is looked at: one long connection or a job per tick, and how long a picture may take. */
import { intervalMs, type Schedule } from '#model/schedule.ts';
import type { SourceKind } from '#sources/kind.ts';

/** Streams that are looked at more often than this keep their connection. */
const KEPT_BELOW_MS = 10_000;
const LIVE_JOB_MS = 1000;
const ENDLESS: Patience = {
  firstMs: Number.POSITIVE_INFINITY,
  nextMs: () => Number.POSITIVE_INFINITY,
};

/** How one look at a source is done. */
export interface Plan {
  /** True: one connection gives pictures until it fails. False: each tick is a run of one picture. */
  isContinuous: boolean;
  /** What the kind is told; 0: as fast as its options say. */
  everyMs: number;
  /** True: only while somebody looks. */
  isOnDemand: boolean;
}

/** Longest waits for a picture, by the monotonic clock. */
export interface Patience {
  firstMs: number;
  /** After a picture; `gapMs` is the time between the last two, if there were two. */
  nextMs(gapMs: number | undefined): number;
}

/** Chooses the plan of a kind under a schedule. `isHeld`: somebody wants its coded stream, whatever the schedule. */
export function planOf(
  kind: Pick<SourceKind, 'manner' | 'hasVideo'>,
  schedule: Schedule,
  isHeld = false,
): Plan {
  const isOnDemand = schedule === 'on-demand';
  if (schedule === 'live' || isOnDemand || (isHeld && kind.hasVideo)) {
    return { isContinuous: true, everyMs: kind.manner === 'stream' ? 0 : LIVE_JOB_MS, isOnDemand };
  }
  const everyMs = intervalMs(schedule);
  if (kind.manner === 'stream' && everyMs !== undefined && everyMs < KEPT_BELOW_MS) {
    return { isContinuous: true, everyMs, isOnDemand };
  }
  return { isContinuous: false, everyMs: 0, isOnDemand };
}

/**
 * Streams: 20 s for the first picture, then three intervals, at least 5 s and at most 20 s. The interval is the one
 * asked for or the one seen, whichever is longer, so that a camera that sends a picture every 4 s is not cut off.
 * A patient kind waits for ever. Jobs (pages, stills) have their own time-outs, so that 120 s only ends what hangs.
 */
export function patienceOf(kind: Pick<SourceKind, 'manner' | 'isPatient' | 'firstMs'>, plan: Plan): Patience {
  if (kind.isPatient) return ENDLESS;
  if (kind.manner === 'single') return { firstMs: 120_000, nextMs: () => 120_000 };
  return {
    firstMs: kind.firstMs ?? 20_000,
    nextMs(gapMs) {
      if (gapMs === undefined && plan.everyMs === 0) return 20_000;
      return Math.min(Math.max(3 * Math.max(plan.everyMs, gapMs ?? 0), 5000), 20_000);
    },
  };
}
