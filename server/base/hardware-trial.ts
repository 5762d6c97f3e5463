/** One trial of a decoder: our sample through the whole chain, down to small gray pictures in memory, and its time. */
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { ffmpegArguments } from './ffmpeg-args.ts';
import type { Hardware, HardwareCodec } from './ffmpeg-hardware.ts';

const LIMIT_MS = 20_000;
const [WIDTH, HEIGHT] = [32, 18];
const FRAME_BYTES = WIDTH * HEIGHT;
/** The sample is short; so often it is played to see how fast a decoder is. */
const ROUNDS = 50;
const SAMPLE_FRAMES = 10;
const MOST_BYTES = 2 * ROUNDS * SAMPLE_FRAMES * FRAME_BYTES;

/** How a trial went. */
export interface Trial {
  frames: number;
  /** The first round, gray, for comparison. */
  pixels: Buffer;
  framesPerSecond: number | null;
  /** Why it did not end well; undefined when it did. */
  failure: string | undefined;
}

/** What a trial is made with. */
export interface TrialTools {
  ffmpeg: Ffmpeg;
  clock: Clock;
  signal: AbortSignal;
}

/** Decodes the sample, in software when no hardware is named. Throws only when the signal fires. */
export async function tryDecoder(
  codec: HardwareCodec,
  hardware: Hardware | undefined,
  { ffmpeg, clock, signal }: TrialTools,
): Promise<Trial> {
  const args = trialArguments(codec, hardware, ffmpeg.version);
  // Drivers take memory in their own ways.
  await using child = ffmpeg.start(args, { extraPipes: 1, signal, clock, memoryMiB: 0 });
  child.stdout.resume();
  let isLate = false;
  using _limit = clock.after(LIMIT_MS, () => {
    isLate = true;
    void child.stop();
  });
  const read = await readFrames(child.pipes[0] ?? child.stdout, clock);
  const { code } = await child.exited;
  signal.throwIfAborted();
  const failure = isLate
    ? `It did not end within ${LIMIT_MS / 1000} s.`
    : failureOf(code, child.lastLines, read.frames);
  return { ...read, failure };
}

/** The whole argument list of a trial. */
export function trialArguments(
  codec: HardwareCodec,
  hardware: Hardware | undefined,
  version: string | undefined,
): string[] {
  const path = join(import.meta.dirname, 'samples', `${codec}.mp4`);
  return ffmpegArguments(
    { from: 'file', path, isLive: false, rounds: ROUNDS, codec, ...(hardware ? { hardware } : {}) },
    [{ to: 'gray', fd: 3, everyMs: 0, width: WIDTH, height: HEIGHT, isComplete: true }],
    version,
  );
}

/** How far two trials are apart: of the whole, and of each place of the picture, in steps of gray. */
export function difference(a: Trial, b: Trial): { mean: number; places: number } {
  const count = Math.min(a.pixels.length, b.pixels.length);
  let [sum, places] = [0, 0];
  for (let i = 0; i < count; i++) {
    const step = (a.pixels[i] ?? 0) - (b.pixels[i] ?? 0);
    sum += step;
    places += Math.abs(step);
  }
  return count === 0
    ? { mean: Number.POSITIVE_INFINITY, places: Number.POSITIVE_INFINITY }
    : { mean: Math.abs(sum) / count, places: places / count };
}

/** Start and driver are left out of the time: it runs from the first picture to the last. */
async function readFrames(
  pipe: AsyncIterable<Buffer>,
  clock: Clock,
): Promise<Pick<Trial, 'frames' | 'pixels' | 'framesPerSecond'>> {
  const kept: Buffer[] = [];
  let [bytes, firstMs, lastMs] = [0, 0, 0];
  for await (const chunk of pipe) {
    if (bytes < SAMPLE_FRAMES * FRAME_BYTES) kept.push(chunk);
    lastMs = clock.monotonic();
    if (bytes === 0) firstMs = lastMs;
    bytes += chunk.length;
    if (bytes > MOST_BYTES) break;
  }
  const frames = Math.floor(bytes / FRAME_BYTES);
  const seconds = (lastMs - firstMs) / 1000;
  return {
    frames,
    pixels: Buffer.concat(kept).subarray(0, SAMPLE_FRAMES * FRAME_BYTES),
    framesPerSecond: seconds > 0 ? Math.round((frames - 1) / seconds) : null,
  };
}

function failureOf(code: number | null, lines: readonly string[], frames: number): string | undefined {
  const wanted = ROUNDS * SAMPLE_FRAMES;
  if (code === 0 && frames === wanted && !lines.some(line => FELL_BACK.test(line))) return undefined;
  const sign = SIGNS.find(([shape]) => lines.some(line => shape.test(line)));
  if (sign) return sign[1];
  if (code === 0 && frames > 0) return `It gave ${frames} of ${wanted} pictures.`;
  const last = lines.findLast(line => /\[(error|fatal|panic)\]/.test(line));
  const said = last?.replace(/^(\[[^\]]*\]\s*)+/, '').slice(0, 200);
  return said ? `FFmpeg says: ${said}` : 'FFmpeg ended without a picture.';
}

const FELL_BACK = /hwaccel initialisation returned error|Failed setup for format/i;

const SIGNS: ReadonlyArray<readonly [shape: RegExp, sentence: string]> = [
  [
    /Unrecognized hwaccel|Unknown decoder|No such filter|Option .* not found|Unrecognized option/i,
    'This FFmpeg is built without it.',
  ],
  [
    /Cannot load lib|libcuda|Failed to initiali[sz]e VAAPI|vaInitialize|Error initializing an? (internal )?MFX|No VA display|Device creation failed|No device available/i,
    'The device is there, but its driver does not start. Install the driver, in a container the one of the host.',
  ],
  [
    /Could not find a valid device|not supported by the device|No support for codec|does not support|hwaccel initialisation returned error|Failed setup for format|Impossible to convert/i,
    'The device does not decode this.',
  ],
];
