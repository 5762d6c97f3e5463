/** Pictures from a running FFmpeg, which never outlives its reader. */
import type { Child } from './child.ts';
import type { ChildLimits } from './child-limits.ts';
import type { Clock } from './clock.ts';
import { GlimpserError } from './errors.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { ffmpegFailure, isChatter, isOutOfMemory, isOverflow, outOfMemory } from './ffmpeg-failure.ts';
import { type StreamPicture, silent, streamPictures } from './picture-stream.ts';

/** FFmpeg gives a silent server up after 10 s, but calls it invalid data. */
const GIVEN_UP_MS = 9000;
/** FFmpeg goes on without memory, and gives no more pictures. */
const REFUSALS_IN_A_ROW = 20;

/** How a run is made. The arguments write one JPEG output to file descriptor 3. */
export interface FfmpegRun {
  args: readonly string[];
  /** For sentences: the name of what is read. */
  name: string;
  signal: AbortSignal;
  clock: Clock;
  note: (line: string) => void;
  /** Told when pictures were left out because nobody took them in time. */
  dropped: () => void;
  /** True when one picture is wanted. */
  isSingle: boolean;
  /** Others than usual. */
  limits?: ChildLimits;
}

/**
 * Runs FFmpeg until the signal fires. Throws what its last lines mean when it ends by itself, and `source-silent`
 * after 20 s without a picture. FFmpeg has ended when this has.
 */
export async function* ffmpegPictures(
  ffmpeg: Ffmpeg,
  run: FfmpegRun,
): AsyncGenerator<StreamPicture, void, void> {
  const { name, signal, clock, note, dropped, isSingle, limits } = run;
  const startedMs = clock.monotonic();
  let refusals = 0;
  const hear = (line: string) => {
    if (isOutOfMemory(line) && ++refusals === REFUSALS_IN_A_ROW) void child.stop();
    if (isOverflow(line)) dropped();
    if (!isChatter(line)) note(line);
  };
  await using child = ffmpeg.start(run.args, {
    ...limits,
    signal,
    extraPipes: 1,
    onLine: hear,
    clock,
    // Colours in stderr would hide the levels.
    env: { AV_LOG_FORCE_NOCOLOR: '1' },
  });
  child.stdout.resume();
  let hadPictures = false;
  try {
    for await (const picture of streamPictures(pipeOf(child), { name, clock, everyMs: 0, note, dropped })) {
      hadPictures = true;
      refusals = 0;
      yield picture;
      if (isSingle) return;
    }
  } catch (thrown) {
    // When only the pipe broke, the end of the program explains it.
    if (thrown instanceof GlimpserError) throw thrown;
  }
  if (signal.aborted) return;
  const end = await child.exited;
  // It may have been stopped while its last words were read.
  if (signal.aborted) return;
  if (refusals >= REFUSALS_IN_A_ROW) throw outOfMemory(name);
  const failure = ffmpegFailure(name, { end, lines: child.lastLines, hadPictures });
  const hasGivenUp = clock.monotonic() - startedMs > GIVEN_UP_MS;
  throw hasGivenUp && !hadPictures && failure.code === 'source-broken' ? silent(name) : failure;
}

function pipeOf(child: Child) {
  const [pipe] = child.pipes;
  if (pipe) return pipe;
  throw new GlimpserError('program-failed', 'FFmpeg was started without a pipe for its pictures.');
}
