/** One look at a source: a run of its kind, with its outcome told on the bus and written to the trail. */
import type { Clock } from '#base/clock.ts';
import { asGlimpserError, type GlimpserError } from '#base/errors.ts';
import type { Inlet } from '#base/inlet.ts';
import type { Log } from '#base/log.ts';
import type { Frame, Picture } from '#model/frame.ts';
import type { HubBus } from '#model/signals.ts';
import type { Source } from '#model/source.ts';
import type { SourceKind } from '#sources/kind.ts';
import { LeaveOuts } from './leave-outs.ts';
import type { Outlet } from './outlet.ts';
import { type Plan, patienceOf } from './plan.ts';
import { runKind, type Tools } from './run.ts';
import type { Trail } from './trail.ts';

/** Pictures that come for this long make earlier failures forgotten. */
const HELD_MS = 30_000;

/** What a look needs of its surroundings. */
export interface LookParts {
  bus: HubBus;
  clock: Clock;
  log: Log;
  tools: Tools;
  outlet: Outlet;
  trail: Trail;
  /** Where the coded stream of this source is handed over. */
  inlet: Inlet | undefined;
}

/** How a look ended. */
export interface LookOutcome {
  /** Undefined: the one picture that was wanted came. */
  failure: GlimpserError | undefined;
  /** True when pictures came well enough to forget earlier failures. */
  hasHeld: boolean;
}

/** Looks once. Rejects only when the signal fires. */
export async function look(
  parts: LookParts,
  { source, kind, plan }: { source: Source; kind: SourceKind; plan: Plan },
  signal: AbortSignal,
  onFrame: (frame: Frame) => void,
): Promise<LookOutcome> {
  const { bus, clock, log, tools, outlet, trail } = parts;
  const startedAt = clock.monotonic();
  let firstAt: number | undefined;
  bus.emit('source.started', { sourceId: source.id, at: clock.now(), isPosted: kind.isPosted ?? false });
  using leaveOuts = new LeaveOuts(clock, outlet.looking, () =>
    bus.emit('source.dropped', { sourceId: source.id, at: clock.now(), what: 'picture' }),
  );
  const onPicture = (picture: Picture) => {
    const frame = outlet.put(picture);
    if (firstAt === undefined) {
      firstAt = clock.monotonic();
      tellAttempt(parts, source.id, { tookMs: firstAt - startedAt, ...arrival(picture) });
    }
    tellCapture(bus, frame);
    onFrame(frame);
  };
  try {
    await runKind({
      kind,
      source,
      everyMs: plan.everyMs,
      isSingle: !plan.isContinuous,
      patience: patienceOf(kind, plan),
      signal,
      tools,
      clock,
      log,
      looking: outlet.looking,
      inlet: plan.isContinuous ? parts.inlet : undefined,
      measured: figures => bus.emit('source.measured', { sourceId: source.id, at: clock.now(), ...figures }),
      dropped: () => leaveOuts.add(),
      note: line => trail.note(line),
      onPicture,
      onTrigger: (trigger, isOn) =>
        bus.emit('source.triggered', { sourceId: source.id, at: clock.now(), trigger, isOn }),
    });
    return { failure: undefined, hasHeld: true };
  } catch (thrown) {
    signal.throwIfAborted();
    const failure = asGlimpserError(thrown);
    const tookMs = clock.monotonic() - startedAt;
    trail.note(`${failure.code}: ${failure.message}`);
    tellAttempt(parts, source.id, { tookMs, code: failure.code, sentence: failure.message });
    return { failure, hasHeld: firstAt !== undefined && clock.monotonic() - firstAt >= HELD_MS };
  }
}

function arrival({ width, height, page }: Picture): { code: null; sentence: string } {
  const answer = page?.httpStatus === undefined ? '' : `, the page answered ${page.httpStatus}`;
  return { code: null, sentence: `A picture of ${width} × ${height} came${answer}.` };
}

function tellAttempt(
  { bus, trail }: LookParts,
  sourceId: string,
  outcome: { tookMs: number; code: string | null; sentence: string },
): void {
  bus.emit('source.attempted', { sourceId, attempt: trail.add(outcome) });
}

function tellCapture(bus: HubBus, { sourceId, at, image, width, height, tookMs, page }: Frame): void {
  bus.emit('source.captured', {
    sourceId,
    at,
    bytes: image.length,
    width,
    height,
    ...(tookMs === undefined ? {} : { tookMs }),
    ...(page === undefined ? {} : { page }),
  });
}
