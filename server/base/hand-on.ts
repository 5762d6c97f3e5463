/** The coded stream of a camera handed on as it came: pushed to our own port and measured, with nothing decoded. */
import { type CameraRun, clockJumped, inputOf, NOT_HANDED_ON } from './camera-pictures.ts';
import { GlimpserError } from './errors.ts';
import { ffmpegArguments } from './ffmpeg-args.ts';
import { ffmpegFailure, isChatter } from './ffmpeg-failure.ts';
import { isCoded } from './ffmpeg-inputs.ts';
import type { Inlet } from './inlet.ts';
import type { MediaStream } from './rtp/media.ts';
import { meterStream } from './stream-meter.ts';

/** Without video for so long, the camera counts as silent. */
const SILENCE_MS = 20_000;

/** One run. */
export interface HandOnRun
  extends Pick<CameraRun, 'ffmpeg' | 'name' | 'signal' | 'clock' | 'input' | 'sound' | 'note' | 'measured'> {
  inlet: Inlet;
}

/**
 * Hands on until the signal fires, and ends early, with a note, for a stream that cannot be handed on. Throws what
 * failed, and `source-silent` after 20 s without video. FFmpeg has ended when this has.
 */
export async function handOn(run: HandOnRun): Promise<void> {
  using publication = run.inlet.publish();
  const over = new AbortController();
  const { ffmpeg, clock, name } = run;
  const signal = AbortSignal.any([run.signal, over.signal]);
  const given = await inputOf({ ...run, signal });
  const input = isCoded(given) ? { ...given, decode: 'none' as const } : given;
  const args = ffmpegArguments(
    input,
    [{ to: 'push', url: publication.url, sound: run.sound }],
    ffmpeg.version,
  );
  const onLine = (line: string) => isChatter(line) || run.note(line);
  const env = { AV_LOG_FORCE_NOCOLOR: '1' };
  await using child = ffmpeg.start(args, { signal, onLine, clock, env });
  child.stdout.resume();
  using watch = new Watch(run, failure => over.abort(failure));
  publication.stream.then(
    stream => watch.begin(stream),
    // The end of FFmpeg says why there is none.
    () => undefined,
  );
  const end = await child.exited;
  if (run.signal.aborted) return;
  if (over.signal.aborted) throw over.signal.reason;
  const lines = child.lastLines;
  if (watch.hasBegun || !lines.some(line => NOT_HANDED_ON.test(line))) {
    throw ffmpegFailure(name, { end, lines, hadPictures: watch.hasBegun });
  }
  run.inlet.unfit?.();
  run.note('The large stream of this camera cannot be handed on as it is; there are pictures only.');
}

/** Measures the stream, and tells when no video has come for too long or its clock has jumped. */
class Watch implements Disposable {
  readonly #run: HandOnRun;
  readonly #failed: (failure: GlimpserError) => void;
  #meter: Disposable | undefined;
  #timer: Disposable;
  #heardMs: number;
  #isOver = false;

  constructor(run: HandOnRun, failed: (failure: GlimpserError) => void) {
    this.#run = run;
    this.#failed = failed;
    this.#heardMs = run.clock.monotonic();
    this.#timer = this.#look(SILENCE_MS);
  }

  get hasBegun(): boolean {
    return this.#meter !== undefined;
  }

  begin(stream: MediaStream): void {
    if (this.#isOver) return;
    const { clock, measured, name } = this.#run;
    this.#meter = meterStream(stream, {
      clock,
      alive: () => {
        this.#heardMs = clock.monotonic();
      },
      measured: figures => measured(figures),
      jumped: () => this.#failed(clockJumped(name)),
    });
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#timer[Symbol.dispose]();
    this.#meter?.[Symbol.dispose]();
  }

  #look(ms: number): Disposable {
    return this.#run.clock.after(ms, () => {
      const left = this.#heardMs + SILENCE_MS - this.#run.clock.monotonic();
      if (left <= 0) this.#failed(gone(this.#run.name));
      else this.#timer = this.#look(left);
    });
  }
}

function gone(name: string): GlimpserError {
  const seconds = SILENCE_MS / 1000;
  return new GlimpserError(
    'source-silent',
    `${name} sent no video on its large stream for ${seconds} s. Check the address of that stream; restart the camera if this goes on.`,
  );
}
