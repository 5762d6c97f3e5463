/** One run of a kind: pictures out, silence noticed, and the end always awaited so that nothing is left behind. */
import type { Clock } from '#base/clock.ts';
import { GlimpserError, isAbort, sentenceOf } from '#base/errors.ts';
import type { Decoding } from '#base/hardware-choice.ts';
import type { Inlet } from '#base/inlet.ts';
import type { Wanted } from '#base/interest.ts';
import type { Log } from '#base/log.ts';
import type { Picture } from '#model/frame.ts';
import type { Source } from '#model/source.ts';
import type { Trigger } from '#model/state.ts';
import type { OtherPictures, SourceContext, SourceKind } from '#sources/kind.ts';
import type { Patience } from './plan.ts';
import { Pulse } from './pulse.ts';

/** How long an aborted run may take to clean up before we go on without it. */
const GUARD_MS = 10_000;

/** What every kind may use. */
export type Tools = Pick<SourceContext, 'egress' | 'browser' | 'mediaFolder' | 'posted'> & {
  /** Programs that are counted to a source. */
  programsFor(source: Source): Pick<SourceContext, 'ffmpeg' | 'ytDlp'>;
  /** What a source may see of the others. */
  picturesFor(source: Source): OtherPictures;
  decodingFor(source: Source): Decoding;
};

/** One run. */
export interface Run {
  kind: SourceKind;
  source: Source;
  everyMs: number;
  /** True: the run ends after the first picture. */
  isSingle: boolean;
  patience: Patience;
  signal: AbortSignal;
  tools: Tools;
  clock: Clock;
  log: Log;
  looking: Wanted;
  inlet: Inlet | undefined;
  note(line: string): void;
  onPicture(picture: Picture): void;
  measured: SourceContext['measured'];
  dropped: SourceContext['dropped'];
  /** For dry runs, which look for a name. */
  named?: (name: string) => void;
  /** Left out for dry runs, which tell nobody. */
  onTrigger?(trigger: Trigger, isOn: boolean): void;
}

/**
 * Runs a kind until the first picture (`isSingle`) or until it fails. Rejects with a GlimpserError that says what
 * failed, `source-ended` included, or with the reason of the signal.
 */
export async function runKind(run: Run): Promise<void> {
  const abort = new AbortController();
  const stop = () => abort.abort(run.signal.reason);
  run.signal.addEventListener('abort', stop, { once: true });
  if (run.signal.aborted) stop();
  using pulse = new Pulse(run.clock, run.patience, (ms, hasPicture) =>
    abort.abort(silence(run, ms, hasPicture)),
  );
  const reader = new Reader(abort.signal);
  try {
    abort.signal.throwIfAborted();
    pulse.start();
    reader.open(
      run.kind.frames(
        checkedOptions(run),
        contextOf(run, abort.signal, () => pulse.alive()),
      ),
    );
    await takePictures(run, reader, pulse);
  } catch (thrown) {
    throw explained(run, thrown, abort.signal);
  } finally {
    run.signal.removeEventListener('abort', stop);
    abort.abort();
    await reader.close(run);
  }
}

async function takePictures(run: Run, reader: Reader, pulse: Pulse): Promise<void> {
  let isEmptyNoted = false;
  for (let step = await reader.next(); !step.done; step = await reader.next()) {
    const picture = step.value;
    if (picture.image.length === 0 || picture.width <= 0 || picture.height <= 0) {
      if (!isEmptyNoted) run.note('An empty picture came and was left out.');
      isEmptyNoted = true;
      continue;
    }
    pulse.picture();
    run.onPicture(picture);
    if (run.isSingle) return;
  }
  throw new GlimpserError(
    'source-ended',
    `${run.source.name} stopped sending by itself. If this repeats, check the source and its address.`,
  );
}

function checkedOptions({ kind, source }: Run): Record<string, unknown> {
  const checked = kind.options.safeParse(source.options);
  if (checked.success) return checked.data;
  const fields = checked.error.issues.map(issue => `options.${issue.path.join('.')} ${issue.message}`);
  throw new GlimpserError('settings-invalid', `${source.name}: ${fields.join('; ')}. Edit the source.`);
}

function contextOf(run: Run, signal: AbortSignal, alive: () => void): SourceContext {
  return {
    ...run.tools,
    ...run.tools.programsFor(run.source),
    sourceId: run.source.id,
    name: run.source.name,
    signal,
    everyMs: run.everyMs,
    isSingle: run.isSingle,
    clock: run.clock,
    log: run.log,
    pictures: run.tools.picturesFor(run.source),
    hardware: run.tools.decodingFor(run.source),
    looking: run.looking,
    inlet: run.inlet,
    alive,
    measured: run.measured,
    dropped: run.dropped,
    note: run.note,
    ...(run.named ? { named: run.named } : {}),
    trigger: (name, isOn) => run.onTrigger?.(name, isOn),
  };
}

function silence(run: Run, ms: number, hasPicture: boolean): GlimpserError {
  const { name } = run.source;
  const seconds = Math.round(ms / 1000);
  const sentence = hasPicture
    ? `${name} stopped sending: no picture for ${seconds} s. Check its power and network.`
    : `${name} sent no picture within ${seconds} s. Check its address, and that it is switched on.`;
  return new GlimpserError('source-silent', sentence);
}

function explained(run: Run, thrown: unknown, signal: AbortSignal): unknown {
  if (thrown instanceof GlimpserError) return thrown;
  if (signal.aborted && (thrown === signal.reason || isAbort(thrown))) return signal.reason;
  run.log.error(`The kind “${run.source.kind}” failed in a way it should not`, { error: thrown });
  return new GlimpserError(
    'internal',
    `${run.source.name}: something went wrong inside the hub (${sentenceOf(thrown)}). It is tried again; the log has the details.`,
    { cause: thrown },
  );
}

/** Steps through an iterator, gives up a step when the signal fires, and waits for the iterator's end. */
class Reader {
  readonly #signal: AbortSignal;
  #iterator: AsyncIterator<Picture> | undefined;
  #pending: Promise<unknown> = Promise.resolve();
  #giveUp: ((reason: unknown) => void) | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#giveUp?.(signal.reason), { once: true });
  }

  open(pictures: AsyncIterable<Picture>): void {
    this.#iterator = pictures[Symbol.asyncIterator]();
  }

  next(): Promise<IteratorResult<Picture>> {
    const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<Picture>>();
    if (this.#signal.aborted) reject(this.#signal.reason);
    this.#giveUp = reject;
    const step = this.#step();
    this.#pending = step;
    step.then(resolve, reject);
    return promise;
  }

  async close(run: Run): Promise<void> {
    const iterator = this.#iterator;
    if (!iterator) return;
    const ended = Promise.allSettled([this.#pending, (async () => iterator.return?.())()]);
    const guard = Promise.withResolvers<'late'>();
    using _timer = run.clock.after(GUARD_MS, () => guard.resolve('late'));
    const outcome = await Promise.race([ended, guard.promise]);
    if (outcome === 'late') {
      run.log.warning(`${run.source.name} did not let go within ${GUARD_MS / 1000} s; going on without it`);
    }
  }

  async #step(): Promise<IteratorResult<Picture>> {
    this.#signal.throwIfAborted();
    if (!this.#iterator) throw new TypeError('unreachable: read before open');
    return this.#iterator.next();
  }
}
