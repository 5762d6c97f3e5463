/** Folding: what is known of a source plus one signal is what is known then. Pure, so that it is tested as a table. */
import { isoTime } from '#base/clock.ts';
import type { Signals } from '#model/signals.ts';
import { initialState, type ProgramUse, type SourceState } from '#model/state.ts';

/** A source counts as lost when no picture came for this long after a failure. */
export const GRACE_MS = 10_000;
const PACE_FRAMES = 10;

type Told<Name extends keyof Signals> = { signal: Name } & Signals[Name];

/** What changes the state of a source. `grace.passed` is time that passed since the last picture. */
export type StateSignal =
  | Told<'source.started'>
  | Told<'source.captured'>
  | Told<'source.failed'>
  | Told<'source.stopped'>
  | Told<'source.slept'>
  | Told<'source.measured'>
  | Told<'source.triggered'>
  | Told<'ptz.changed'>
  | Told<'source.decoded'>
  | Told<'source.weighed'>
  | Told<'source.dropped'>
  | { signal: 'grace.passed'; at: number };

/** The state with what is needed to go on from it. */
export interface Known {
  state: SourceState;
  /** Instants of the last frames of the running connection, oldest first. */
  recent: readonly number[];
  failedInRow: number;
  /** The stream itself is measured, which says more than how often a picture is taken of it. */
  isMeasured: boolean;
}

/** What is known of a source at first. */
export function knownAtFirst(sourceId: string, isEnabled: boolean, at: number): Known {
  return {
    state: initialState(sourceId, isEnabled, isoTime(at)),
    recent: [],
    failedInRow: 0,
    isMeasured: false,
  };
}

/**
 * The rules. A picture: `ok`, or `degraded` when the page answered 400 or more. A failure while the last picture is
 * younger than 10 s: `degraded`, still online. A second failure in a row, or 10 s without a picture: `error`,
 * offline. Others send its pictures, and none has come since the start: `waiting`. Switched off or paused: `disabled`. Looked at on demand, and nobody looks: `asleep`, online unless the
 * last look failed.
 */
export function fold(known: Known, told: StateSignal): Known {
  switch (told.signal) {
    case 'source.started':
      return started(known, told);
    case 'source.captured':
      return captured(known, told);
    case 'source.failed':
      return failed(known, told);
    case 'source.stopped':
      return stopped(known, told);
    case 'source.slept':
      return slept(known, told.at);
    case 'source.measured':
      return measured(known, told);
    case 'source.triggered':
      return change(known, { triggers: { ...known.state.triggers, [told.trigger]: told.isOn } });
    case 'ptz.changed':
      return change(known, { ptz: told.ptz });
    case 'source.decoded':
      return change(known, { decoder: told.decoder, decoderGivenUp: told.givenUp });
    case 'source.weighed':
      return change(known, { programs: weighed(known.state.programs, told.programs) });
    case 'source.dropped':
      return change(known, { dropped: dropped(known.state.dropped, told.what) });
    case 'grace.passed':
      return known.failedInRow > 0 ? become(known, 'error', told.at, { isOnline: false }) : known;
  }
}

function started(known: Known, { at, isPosted }: Told<'source.started'>): Known {
  const { status, lastFrameAt } = known.state;
  if (isPosted && (status === 'starting' || status === 'disabled')) {
    const which = lastFrameAt === null ? 'first' : 'next';
    return become(known, 'waiting', at, { reason: `Waiting for the ${which} picture` });
  }
  if (status === 'disabled') return become(known, 'starting', at, { reason: 'Starting' });
  if (status === 'asleep') return become(known, 'starting', at, { reason: 'Waking up' });
  return become(known, status, at, { retryAt: null });
}

function captured(known: Known, told: Told<'source.captured'>): Known {
  const recent = [...known.recent, told.at].slice(-PACE_FRAMES);
  const httpStatus = told.page?.httpStatus ?? 0;
  const isRefused = httpStatus >= 400;
  const next = become(known, isRefused ? 'degraded' : 'ok', told.at, {
    reason: isRefused ? `The page answered ${httpStatus}` : 'Pictures come',
    code: null,
    isOnline: true,
    retryAt: null,
    lastFrameAt: isoTime(told.at),
    captureMs: told.tookMs ?? null,
    fps: known.isMeasured ? known.state.fps : pace(recent),
    width: told.width,
    height: told.height,
    bytes: told.bytes,
    frames: known.state.frames + 1,
    reconnects: known.state.reconnects + Number(known.failedInRow > 0 && known.state.frames > 0),
    page: told.page ?? null,
  });
  return { ...next, recent, failedInRow: 0 };
}

function failed(known: Known, { at, error, retryAt }: Told<'source.failed'>): Known {
  const failedInRow = known.failedInRow + 1;
  const { isOnline, lastFrameAt, failures } = known.state;
  const ageMs = lastFrameAt === null ? Number.POSITIVE_INFINITY : at - Date.parse(lastFrameAt);
  const isSpared = isOnline && failedInRow === 1 && ageMs < GRACE_MS;
  const next = become(known, isSpared ? 'degraded' : 'error', at, {
    reason: error.message,
    code: error.code,
    isOnline: isSpared,
    retryAt: retryAt === null ? null : isoTime(retryAt),
    fps: null,
    bitsPerSecond: null,
    failures: failures + 1,
    triggers: atRest(known.state),
  });
  return { ...next, recent: [], failedInRow, isMeasured: false };
}

/** A source that could not be reached stays in error: sleep does not mend it. */
function slept(known: Known, at: number): Known {
  const ended = { ...known, recent: [], isMeasured: false };
  if (known.failedInRow > 0) return { ...ended, state: { ...known.state, fps: null, bitsPerSecond: null } };
  const asleep = { reason: 'Asleep until somebody looks', code: null, isOnline: true, retryAt: null };
  return become(ended, 'asleep', at, { ...asleep, fps: null, bitsPerSecond: null });
}

function measured(known: Known, { fps, bitsPerSecond }: Told<'source.measured'>): Known {
  // What it was before the stream was measured is another figure.
  const before = known.isMeasured ? known.state : undefined;
  const state = {
    ...known.state,
    fps: steady(before?.fps, Number(fps.toPrecision(3)), { share: 0.03, least: 0 }),
    bitsPerSecond: steady(before?.bitsPerSecond, Math.round(bitsPerSecond), { share: 0.05, least: 1000 }),
  };
  return { ...known, state, isMeasured: true };
}

function weighed(before: ProgramUse | null, now: ProgramUse | null): ProgramUse | null {
  if (now === null) return null;
  const { cpuPercent, memoryMiB } = now;
  return {
    cpuPercent: steady(before?.cpuPercent, Number(cpuPercent.toFixed(1)), { share: 0.15, least: 0.5 }),
    memoryMiB: steady(before?.memoryMiB, Math.round(memoryMiB), { share: 0.05, least: 2 }),
  };
}

function dropped(before: SourceState['dropped'], what: 'picture' | 'group'): SourceState['dropped'] {
  const { pictures, groups } = before;
  return what === 'picture' ? { pictures: pictures + 1, groups } : { pictures, groups: groups + 1 };
}

/** The figure from before unless the new one differs notably: each change of a state is told to everybody. */
function steady(
  before: number | null | undefined,
  now: number,
  { share, least }: { share: number; least: number },
): number {
  if (before === null || before === undefined) return now;
  return Math.abs(now - before) > Math.max(share * before, least) ? now : before;
}

function stopped(known: Known, { at, reason }: Told<'source.stopped'>): Known {
  const triggers = atRest(known.state);
  const off = {
    reason,
    code: null,
    isOnline: false,
    retryAt: null,
    fps: null,
    bitsPerSecond: null,
    triggers,
  };
  return { ...become(known, 'disabled', at, off), recent: [], failedInRow: 0, isMeasured: false };
}

/** Nobody tells of the end of what a source noticed once its connection is lost. */
function atRest({ triggers }: SourceState): SourceState['triggers'] {
  return { motion: triggers.motion === null ? null : false };
}

function change(known: Known, part: Partial<SourceState>): Known {
  return { ...known, state: { ...known.state, ...part } };
}

function become(
  known: Known,
  status: SourceState['status'],
  at: number,
  change: Partial<SourceState>,
): Known {
  const since = status === known.state.status ? known.state.since : isoTime(at);
  return { ...known, state: { ...known.state, ...change, status, since } };
}

/** Frames a second over the last ten, to three digits. */
function pace(recent: readonly number[]): number | null {
  const spanMs = (recent.at(-1) ?? 0) - (recent[0] ?? 0);
  if (recent.length < 2 || spanMs <= 0) return null;
  return Number((((recent.length - 1) * 1000) / spanMs).toPrecision(3));
}
