/** Pictures from a running FFmpeg: the pipe is always drained, and only the newest picture waits for its reader. */
import type { Child } from './child.ts';
import type { Clock } from './clock.ts';
import { asGlimpserError, GlimpserError } from './errors.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { ffmpegFailure } from './ffmpeg-failure.ts';
import { Mailbox } from './mailbox.ts';
import { readParts } from './multipart.ts';
import { readPicture } from './picture.ts';

const FIRST_PICTURE_MS = 20_000;
/** FFmpeg gives a silent camera up after 10 s, but calls it invalid data. */
const GIVEN_UP_MS = 9000;

/** A picture as FFmpeg encoded it. */
export interface FfmpegPicture {
  image: Buffer;
  type: 'image/jpeg';
  width: number;
  height: number;
  at: number;
}

/** How a run is made. */
export interface FfmpegRun {
  args: readonly string[];
  /** For sentences: the name of what is read. */
  name: string;
  signal: AbortSignal;
  clock: Clock;
  note: (line: string) => void;
  /** True when FFmpeg ends by itself after one picture. */
  isSingle: boolean;
}

/** Runs FFmpeg until the signal fires. Throws what its last lines mean, or `source-silent` after 20 s without a picture. */
export async function* ffmpegPictures(
  ffmpeg: Ffmpeg,
  run: FfmpegRun,
): AsyncGenerator<FfmpegPicture, void, void> {
  await using child = ffmpeg.start(run.args, {
    signal: run.signal,
    extraPipes: 1,
    onLine: run.note,
    clock: run.clock,
    // Colours in stderr would hide the levels.
    env: { AV_LOG_FORCE_NOCOLOR: '1' },
  });
  child.stdout.resume();
  const inbox = new Mailbox<FfmpegPicture>();
  const draining = drain(child, inbox, run.clock);
  // Reported below; until then a failure must not count as unheard.
  draining.catch(() => undefined);
  const startedMs = run.clock.monotonic();
  let isSilent = false;
  const silence = run.clock.after(FIRST_PICTURE_MS, () => {
    isSilent = true;
    void child.stop();
  });
  let hadPictures = false;
  try {
    for await (const picture of inbox) {
      if (!hadPictures) silence[Symbol.dispose]();
      hadPictures = true;
      yield picture;
      if (run.isSingle) return;
    }
    await draining;
  } finally {
    silence[Symbol.dispose]();
  }
  if (run.signal.aborted) return;
  if (isSilent) throw silent(run.name);
  await child.exited;
  const failure = ffmpegFailure(run.name, child.lastLines, hadPictures);
  const hasGivenUp = run.clock.monotonic() - startedMs > GIVEN_UP_MS;
  throw hasGivenUp && !hadPictures && failure.code === 'source-broken' ? silent(run.name) : failure;
}

async function drain(child: Child, inbox: Mailbox<FfmpegPicture>, clock: Clock): Promise<void> {
  try {
    for await (const { body } of readParts(pipeOf(child))) {
      const { width, height } = readPicture(body);
      inbox.put({ image: body, type: 'image/jpeg', width, height, at: clock.now() });
    }
  } catch (thrown) {
    throw asGlimpserError(thrown, 'source-broken');
  } finally {
    inbox.close();
  }
}

function pipeOf(child: Child) {
  const [pipe] = child.pipes;
  if (pipe) return pipe;
  throw new GlimpserError('program-failed', 'FFmpeg was started without a pipe for its pictures.');
}

function silent(name: string): GlimpserError {
  return new GlimpserError(
    'source-silent',
    `${name} accepted the connection but sent no picture. Restart the camera, or check the path of its stream.`,
  );
}
