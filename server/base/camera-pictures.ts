/**
 * One camera, read once by one FFmpeg: its coded stream goes to our own port as it came, with a still now and then.
 * Only while somebody looks is the stream decoded whole, by a second FFmpeg that reads it back from our port.
 */
import type { Clock } from './clock.ts';
import { GlimpserError } from './errors.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { ffmpegArguments } from './ffmpeg-args.ts';
import type { HardwareCodec } from './ffmpeg-hardware.ts';
import { type Decode, type FfmpegInput, isCoded } from './ffmpeg-inputs.ts';
import type { JpegOutput, Sound } from './ffmpeg-outputs.ts';
import { ffmpegPictures } from './ffmpeg-pictures.ts';
import { FreezeWatch } from './freeze.ts';
import type { Decoding } from './hardware-choice.ts';
import type { Inlet } from './inlet.ts';
import type { Wanted } from './interest.ts';
import { Mailbox } from './mailbox.ts';
import type { StreamPicture } from './picture-stream.ts';
import type { MediaStream } from './rtp/media.ts';
import { meterStream, type StreamFigures } from './stream-meter.ts';
import { whileWanted } from './while-wanted.ts';

/** Pictures for eyes go on for so long after the last has left. */
const LINGER_MS = 10_000;
const DECODE_AGAIN_MS = 3000;
/** By the name of the codec in a stream. */
const HARDWARE_CODEC_OF: Readonly<Record<string, HardwareCodec>> = { H264: 'h264', H265: 'h265' };
/** What FFmpeg says of a stream that it can read and not hand on. */
export const NOT_HANDED_ON =
  /not (currently )?supported in RTP|unsupported (codec|RTP)|could not write header|muxer/i;

/** One run. */
export interface CameraRun {
  ffmpeg: Ffmpeg;
  /** For sentences. */
  name: string;
  signal: AbortSignal;
  clock: Clock;
  note(line: string): void;
  /** Asked anew for each FFmpeg that reads it when it is a function. */
  input: FfmpegInput | ((signal: AbortSignal) => Promise<FfmpegInput>);
  sound: Sound;
  /** While somebody looks. `everyMs` is the shortest time between two pictures. */
  picture: { everyMs: number; width: number; quality: number; decode: Exclude<Decode, 'none'> };
  /** Shortest time between two stills while nobody looks. */
  stillEveryMs: number;
  /** True when one picture is wanted. */
  isSingle: boolean;
  looking: Wanted;
  alive(): void;
  measured(figures: StreamFigures): void;
  /** A picture was left out because this machine was too slow for it. */
  dropped(): void;
  /** Undefined: the stream is not handed on. */
  inlet: Inlet | undefined;
  /** Set for what stands still for good reasons: covers, announcements, pauses. */
  mayStandStill?: true;
  /** Unset: pictures for eyes are decoded in software. */
  hardware?: Decoding;
}

/**
 * Yields until the signal fires. Throws what failed, and `source-silent` for a camera that sends one and the same
 * picture; every program that was started has ended then.
 */
export async function* cameraPictures(run: CameraRun): AsyncGenerator<StreamPicture, void, void> {
  const isCamera = typeof run.input === 'function' || run.input.from === 'rtsp' || run.input.from === 'v4l2';
  const isWatched = isCamera && !run.mayStandStill && !run.isSingle;
  const freeze = isWatched ? new FreezeWatch(run.clock) : undefined;
  for await (const picture of pictures(run)) {
    if (freeze?.isFrozen(picture.image)) throw frozen(run.name);
    yield picture;
  }
}

function frozen(name: string): GlimpserError {
  const sentence = `${name} sends one and the same picture: it moved before, and stands still to the last byte. It is connected anew; if this repeats, restart the camera.`;
  return new GlimpserError('source-silent', sentence);
}

/** Thrown when a stream can no longer be played on: its times would be wrong for as long as the jump was wide. */
export function clockJumped(name: string): GlimpserError {
  const sentence = `${name} has set its clock, so that its stream broke off. It is connected anew; if this repeats, let the camera take its time from the network.`;
  return new GlimpserError('source-broken', sentence);
}

async function* pictures(run: CameraRun): AsyncGenerator<StreamPicture, void, void> {
  if (run.isSingle || !run.inlet) {
    yield* decoded(run, await inputOf(run), run.picture.everyMs);
    return;
  }
  const refusals: string[] = [];
  const listening = {
    ...run,
    note(line: string) {
      if (NOT_HANDED_ON.test(line)) refusals.push(line);
      run.note(line);
    },
  };
  let count = 0;
  try {
    for await (const picture of handedOn(listening, run.inlet)) {
      count++;
      yield picture;
    }
  } catch (thrown) {
    if (count > 0 || refusals.length === 0 || run.signal.aborted) throw thrown;
    run.note('The stream of this camera cannot be handed on as it is; it gives pictures only.');
    run.inlet.unfit?.();
    yield* decoded(run, await inputOf(run), run.picture.everyMs);
  }
}

/** The input, opened. */
export async function inputOf({ input, signal }: Pick<CameraRun, 'input' | 'signal'>): Promise<FfmpegInput> {
  return typeof input === 'function' ? await input(signal) : input;
}

/** Pictures of an input that FFmpeg reads whole. */
function decoded(
  run: Omit<CameraRun, 'inlet'>,
  input: FfmpegInput,
  everyMs: number,
  push: { url: string } | undefined = undefined,
): AsyncGenerator<StreamPicture, void, void> {
  const { ffmpeg, name, signal, clock, isSingle } = run;
  const { width, quality } = run.picture;
  const jpeg: JpegOutput = { to: 'jpeg', fd: 3, everyMs, width, quality, isSingle };
  const outputs = push ? [{ to: 'push' as const, url: push.url, sound: run.sound }, jpeg] : [jpeg];
  const args = ffmpegArguments(input, outputs, ffmpeg.version);
  // Drivers take memory in their own ways.
  const isUnlimited = isCoded(input) && input.hardware !== undefined;
  const limits = isUnlimited ? { memoryMiB: 0 } : {};
  return ffmpegPictures(ffmpeg, {
    args,
    name,
    signal,
    clock,
    isSingle,
    limits,
    note: line => run.note(line),
    dropped: () => run.dropped(),
  });
}

async function* handedOn(run: CameraRun, inlet: Inlet): AsyncGenerator<StreamPicture, void, void> {
  const over = new AbortController();
  const signal = AbortSignal.any([run.signal, over.signal]);
  const publication = inlet.publish();
  const inbox = new Mailbox<StreamPicture>(() => run.dropped());
  const part = { ...run, signal };
  let failure: GlimpserError | undefined;
  const jumped = () => {
    failure = clockJumped(run.name);
    over.abort();
    inbox.close();
  };
  const camera = pour(stillsOf(part, publication.url), inbox).finally(() => inbox.close());
  const looks = publication.stream.then(stream => followLooks(part, inlet, stream, inbox, jumped));
  // The end of the camera explains itself below; that of the looks follows from it.
  camera.catch(() => undefined);
  looks.catch(() => undefined);
  try {
    yield* inbox;
    if (failure) throw failure;
    await camera;
  } finally {
    over.abort();
    publication[Symbol.dispose]();
    await Promise.allSettled([camera, looks]);
  }
}

/** The camera itself: handed on, with rare stills of its key pictures. */
async function* stillsOf(run: CameraRun, url: string): AsyncGenerator<StreamPicture, void, void> {
  const given = await inputOf(run);
  const input: FfmpegInput = isCoded(given) ? { ...given, decode: 'keyframes' } : given;
  yield* decoded(run, input, run.stillEveryMs, { url });
}

/** Decodes the stream for as long as somebody looks, again and again. */
async function followLooks(
  run: CameraRun,
  inlet: Inlet,
  stream: MediaStream,
  inbox: Mailbox<StreamPicture>,
  jumped: () => void,
): Promise<void> {
  using _meter = meterStream(stream, {
    clock: run.clock,
    alive: () => run.alive(),
    measured: figures => run.measured(figures),
    jumped,
  });
  while (!run.signal.aborted) {
    await run.looking.wanted(run.signal);
    await decodeWhileWanted(run, inlet, stream, inbox);
  }
}

async function decodeWhileWanted(
  run: CameraRun,
  inlet: Inlet,
  stream: MediaStream,
  inbox: Mailbox<StreamPicture>,
): Promise<void> {
  const { looking: wanted, clock, signal, picture } = run;
  const codec = HARDWARE_CODEC_OF[stream.tracks.find(({ kind }) => kind === 'video')?.codec ?? ''];
  const hardware = codec && run.hardware?.pick(codec);
  let hasPictures = false;
  try {
    await whileWanted({ wanted, lingerMs: LINGER_MS, clock, signal }, async looked => {
      const input: FfmpegInput = {
        from: 'loopback',
        url: inlet.reader(stream),
        decode: picture.decode,
        ...(hardware && { hardware }),
      };
      for await (const shown of decoded({ ...run, signal: looked }, input, picture.everyMs)) {
        if (!hasPictures) run.hardware?.worked(hardware?.preset ?? 'software');
        hasPictures = true;
        inbox.put(shown);
      }
    });
  } catch (thrown) {
    if (signal.aborted) return;
    if (!(thrown instanceof GlimpserError)) throw thrown;
    if (hardware && !hasPictures && run.hardware?.failed()) {
      run.note(
        `The decoder ${hardware.preset} gave no picture twice; this camera is decoded in software now.`,
      );
    }
    run.note(`Pictures for viewers stopped: ${thrown.message}`);
    await clock.sleep(DECODE_AGAIN_MS, signal);
  }
}

async function pour(pictures: AsyncIterable<StreamPicture>, inbox: Mailbox<StreamPicture>): Promise<void> {
  for await (const picture of pictures) inbox.put(picture);
}
