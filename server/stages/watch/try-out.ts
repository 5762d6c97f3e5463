/** A dry run: what a source would give, without storing it or telling anybody. */
import type { Clock } from '#base/clock.ts';
import { asGlimpserError, GlimpserError } from '#base/errors.ts';
import { Interest } from '#base/interest.ts';
import type { Log } from '#base/log.ts';
import type { Frame } from '#model/frame.ts';
import type { DryRun } from '#model/services.ts';
import type { Source } from '#model/source.ts';
import type { SourceKind } from '#sources/kind.ts';
import { kindOf } from './kind-of.ts';
import { patienceOf } from './plan.ts';
import { runKind, type Tools } from './run.ts';
import { Trail } from './trail.ts';

const CAP_MS = 60_000;

/** What a dry run needs of its surroundings. */
export interface TryOutParts {
  kinds: ReadonlyMap<string, SourceKind>;
  tools: Tools;
  clock: Clock;
  log: Log;
}

/** Takes one picture within a minute. Never throws: what failed is part of the answer. */
export async function tryOut(source: Source, parts: TryOutParts, signal?: AbortSignal): Promise<DryRun> {
  const { clock } = parts;
  const startedAt = clock.monotonic();
  const trail = new Trail(clock);
  const abort = new AbortController();
  const stop = () => abort.abort(ended(source));
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  using _cap = clock.after(CAP_MS, () => abort.abort(tooLong(source)));
  let picture: Frame | null = null;
  let name: string | undefined;
  let failure: DryRun['failure'] = null;
  try {
    picture = await takeOne(source, parts, trail, {
      signal: abort.signal,
      named: said => {
        name = said;
      },
    });
  } catch (thrown) {
    const error = asGlimpserError(thrown);
    failure = { code: error.code, sentence: error.message };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  const tookMs = Math.round(clock.monotonic() - startedAt);
  const sentence = failure?.sentence ?? `A picture of ${picture?.width} × ${picture?.height} came.`;
  trail.add({ tookMs, code: failure?.code ?? null, sentence });
  name ??= picture?.page?.title;
  return { picture, attempts: trail.attempts, tookMs, failure, lines: trail.lines, name };
}

async function takeOne(
  source: Source,
  parts: TryOutParts,
  trail: Trail,
  { signal, named }: { signal: AbortSignal; named(name: string): void },
): Promise<Frame> {
  const kind = kindOf(parts.kinds, source);
  let frame: Frame | undefined;
  await runKind({
    kind,
    source,
    everyMs: 0,
    isSingle: true,
    patience: patienceOf(kind, { isContinuous: false, everyMs: 0, isOnDemand: false }),
    signal,
    tools: parts.tools,
    clock: parts.clock,
    log: parts.log,
    looking: new Interest(),
    inlet: undefined,
    measured: () => undefined,
    dropped: () => undefined,
    named,
    note: line => trail.note(line),
    onPicture: picture => {
      frame = { ...picture, sourceId: source.id, sequence: 1 };
    },
  });
  if (frame) return frame;
  throw new GlimpserError('internal', 'unreachable: the run ended without a picture.');
}

function tooLong({ name }: Source): GlimpserError {
  return new GlimpserError(
    'timed-out',
    `${name} gave no picture within 60 s. Check its address, and whether it opens on this machine.`,
  );
}

function ended({ name }: Source): GlimpserError {
  return new GlimpserError('timed-out', `The try of ${name} was ended before a picture came.`);
}
