/** Pictures of a source as H.264, for as long as somebody watches: the newest one again and again, at a steady rate. */
import type { Writable } from 'node:stream';
import type { Child } from '#base/child.ts';
import type { Clock } from '#base/clock.ts';
import { sentenceOf } from '#base/errors.ts';
import type { Ffmpeg } from '#base/ffmpeg.ts';
import { ffmpegArguments } from '#base/ffmpeg-args.ts';
import type { Inlet } from '#base/inlet.ts';
import type { Log } from '#base/log.ts';
import type { Frame } from '#model/frame.ts';

/** Recorders take a camera that sends fewer for dead. */
const FPS = 5;
const WIDTH_MAX = 1920;
const AGAIN_MS = 3000;
const BOUNDARY = 'frame';

/** What an encoder is made of. */
export interface EncoderParts {
  ffmpeg: Ffmpeg;
  clock: Clock;
  log: Log;
  inlet: Inlet;
  /** Calls back for every new picture as JPEG, counting as a viewer, until disposed. */
  listen(call: (frame: Frame) => void): Disposable;
  /** What can be shown now. */
  latest(): Promise<Frame | undefined>;
}

/** Encodes until the signal fires; a program that ends is started again. */
export async function encodeUntil(signal: AbortSignal, parts: EncoderParts): Promise<void> {
  const { clock, log } = parts;
  let newest = await parts.latest();
  const first = Promise.withResolvers<void>();
  if (newest) first.resolve();
  using _ear = parts.listen(frame => {
    newest = frame;
    first.resolve();
  });
  signal.addEventListener('abort', () => first.resolve(), { once: true });
  await first.promise;
  while (!signal.aborted) {
    try {
      await encodeOnce(signal, parts, () => newest);
    } catch (thrown) {
      if (signal.aborted) return;
      log.warning(`Encoding stopped: ${sentenceOf(thrown)}`);
    }
    await clock.sleep(AGAIN_MS, signal).catch(() => undefined);
  }
}

async function encodeOnce(
  signal: AbortSignal,
  { ffmpeg, clock, inlet }: EncoderParts,
  newest: () => Frame | undefined,
): Promise<void> {
  const frame = newest();
  if (!frame) return;
  using publication = inlet.publish();
  const output = { to: 'encode' as const, url: publication.url, fps: FPS, ...sizeOf(frame) };
  const args = ffmpegArguments({ from: 'pipe' }, [output], ffmpeg.version);
  await using child: Child = ffmpeg.start(args, { signal, clock, hasInput: true });
  child.stdout.resume();
  if (!child.stdin) throw new TypeError('FFmpeg was started without a pipe for its pictures.');
  using _beat = repeat(child.stdin, clock, newest);
  const { code } = await child.exited;
  if (!signal.aborted) throw new Error(child.lastLines.at(-1) ?? `FFmpeg ended with code ${code}.`);
}

/** Writes the newest picture at each beat; a beat is left out while the one before is on its way. */
function repeat(stdin: Writable, clock: Clock, newest: () => Frame | undefined): Disposable {
  let next: Disposable;
  let isBusy = false;
  let made: { frame: Frame; part: Buffer } | undefined;
  const beat = () => {
    const frame = newest();
    if (frame && !isBusy && stdin.writable) {
      if (made?.frame !== frame) made = { frame, part: partOf(frame.image) };
      isBusy = true;
      stdin.write(made.part, () => {
        isBusy = false;
      });
    }
    next = clock.after(1000 / FPS, beat);
  };
  beat();
  return { [Symbol.dispose]: () => next[Symbol.dispose]() };
}

function partOf(image: Buffer): Buffer {
  const head = `--${BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: ${image.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), image, Buffer.from('\r\n')]);
}

/** Even numbers, as H.264 wants them. */
function sizeOf({ width, height }: Frame): { width: number; height: number } {
  const scale = Math.min(1, WIDTH_MAX / width);
  const even = (length: number) => Math.max(2, 2 * Math.round((length * scale) / 2));
  return { width: even(width), height: even(height) };
}
