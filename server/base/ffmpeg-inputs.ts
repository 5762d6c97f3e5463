/** Where FFmpeg reads: each input with its arguments. Protocols and formats are pinned, so that no answer can widen them. */
import type { Dialect } from './ffmpeg-dialect.ts';
import { HARDWARE_RECIPES, type Hardware } from './ffmpeg-hardware.ts';

/** What is decoded: every picture, key frames only, or nothing, for outputs that only copy. */
export type Decode = 'full' | 'keyframes' | 'none';

/** What is common to inputs that carry coded video. */
interface Coded {
  /** Unset: full. */
  decode?: Decode;
  /** Unset: software. */
  hardware?: Hardware;
  /** Codec of the video, where it is known. */
  codec?: 'h264' | 'h265';
}

/** A picture that FFmpeg draws. */
export interface LavfiInput {
  from: 'lavfi';
  graph: string;
}

/** An RTSP camera by way of our relay, which speaks TCP without encryption however the camera sends. */
export interface RtspInput extends Coded {
  from: 'rtsp';
  url: string;
}

/** An RTSP server of ours on this machine, whose description can be believed: nothing is probed. */
export interface LoopbackInput extends Coded {
  from: 'loopback';
  url: string;
}

/** What is read over HTTP, by way of a relay of ours that is its proxy as well: nothing else is reached. */
interface Web {
  url: string;
  proxyUrl: string;
}

/** A playlist over HTTP. */
export interface HlsInput extends Coded, Web {
  from: 'hls';
  /** False: a recorded video, from its begin. Unset: from the newest segment on. */
  isLive?: boolean;
}

/** Any file or stream over HTTP, such as the address behind a video page. */
export interface WebInput extends Coded, Web {
  from: 'web';
  /** Read at the speed at which it plays; false for what is live and paces itself. */
  isPaced: boolean;
}

/** A camera on this machine. */
export interface V4l2Input extends Coded {
  from: 'v4l2';
  /** `/dev/video0`, checked before. */
  device: string;
  /** Coding that the device is asked for: mjpeg, yuyv422, h264. */
  inputFormat?: string;
  width?: number;
  height?: number;
  fps?: number;
}

/** A file on this machine. */
export interface FileInput extends Coded {
  from: 'file';
  /** Absolute, checked before. */
  path: string;
  /** Plays again and again at its own speed; false reads it once, as fast as possible. */
  isLive: boolean;
  /** How often it is read, where it is not live; unset: once. */
  rounds?: number;
}

/** JPEG pictures that are written to stdin as the parts of a multipart stream; their time is that of their arrival. */
export interface PipeInput {
  from: 'pipe';
}

/** Where FFmpeg reads. */
export type FfmpegInput =
  | LavfiInput
  | RtspInput
  | LoopbackInput
  | HlsInput
  | WebInput
  | V4l2Input
  | FileInput
  | PipeInput;

/** What outputs ask of an input. */
export interface Wanted {
  isSoundWanted: boolean;
  isCopied: boolean;
  hasPictures: boolean;
}

/** All that leads to our own relay, and what decrypts segments. */
const WEB_PROTOCOLS = 'http,tcp,crypto';
/** How long FFmpeg waits for the other side, in microseconds. */
const TIMEOUT_US = '10000000';
/** No playlists: they would name further files. */
const FILE_FORMATS = 'mov,mp4,matroska,webm,mpegts,mpeg,avi,flv,ogg,gif,mjpeg,h264,hevc';
/** Low probing brings the first picture in a second. */
const SHORT_PROBE = ['-probesize', '500000', '-analyzeduration', '1000000'];

/** True for inputs that can be decoded in hardware or in part. */
export function isCoded(input: FfmpegInput): input is Exclude<FfmpegInput, LavfiInput | PipeInput> {
  return input.from !== 'lavfi' && input.from !== 'pipe';
}

/** Everything from the first option of the input to its address. */
export function inputArguments(input: FfmpegInput, wanted: Wanted, dialect: Dialect): string[] {
  switch (input.from) {
    // The lavfi device needs no protocol at all; an empty list would mean every one.
    case 'lavfi':
      return ['-protocol_whitelist', 'pipe', '-re', '-f', 'lavfi', '-i', input.graph];
    case 'pipe':
      return pipeArguments();
    case 'rtsp':
      return rtspArguments(input, wanted, dialect);
    case 'loopback':
      return loopbackArguments(input, wanted, dialect);
    case 'hls':
      return hlsArguments(input, wanted, dialect);
    case 'web':
      return webArguments(input, wanted, dialect);
    case 'v4l2':
      return v4l2Arguments(input, wanted, dialect);
    case 'file':
      return fileArguments(input, wanted, dialect);
  }
}

function rtspArguments(input: RtspInput, wanted: Wanted, dialect: Dialect): string[] {
  return rtspFrom(input, SHORT_PROBE, wanted, dialect);
}

function loopbackArguments(input: LoopbackInput, wanted: Wanted, dialect: Dialect): string[] {
  return rtspFrom(input, ['-probesize', '32768', '-analyzeduration', '0'], wanted, dialect);
}

function rtspFrom(
  input: RtspInput | LoopbackInput,
  probing: readonly string[],
  wanted: Wanted,
  dialect: Dialect,
): string[] {
  return [
    ...['-protocol_whitelist', 'rtsp,tcp', ...lowDelay(wanted), ...probing],
    ...decodeArguments(input, wanted, dialect),
    ...['-rtsp_transport', 'tcp', '-allowed_media_types', wanted.isSoundWanted ? 'video+audio' : 'video'],
    ...[dialect.rtspTimeout, TIMEOUT_US, '-f', 'rtsp', '-i', input.url],
  ];
}

function hlsArguments(input: HlsInput, wanted: Wanted, dialect: Dialect): string[] {
  return [
    ...['-protocol_whitelist', WEB_PROTOCOLS, '-fflags', '+discardcorrupt'],
    ...decodeArguments(input, wanted, dialect),
    // Segments come in bursts; pictures are wanted one by one. A list that stands still is an end.
    ...['-re', ...(input.isLive === false ? [] : ['-live_start_index', '-1'])],
    ...['-max_reload', '10', '-m3u8_hold_counters', '10'],
    ...['-rw_timeout', TIMEOUT_US, '-http_proxy', input.proxyUrl, '-f', 'hls', '-i', input.url],
  ];
}

function webArguments(input: WebInput, wanted: Wanted, dialect: Dialect): string[] {
  return [
    ...['-protocol_whitelist', WEB_PROTOCOLS, '-format_whitelist', FILE_FORMATS],
    ...['-fflags', '+discardcorrupt', ...decodeArguments(input, wanted, dialect)],
    ...(input.isPaced ? ['-re'] : []),
    ...['-reconnect', '1', '-reconnect_streamed', '1', '-reconnect_delay_max', '5'],
    ...['-rw_timeout', TIMEOUT_US, '-http_proxy', input.proxyUrl, '-i', input.url],
  ];
}

function v4l2Arguments(input: V4l2Input, wanted: Wanted, dialect: Dialect): string[] {
  const { device, inputFormat, width, height, fps } = input;
  return [
    ...['-protocol_whitelist', 'pipe', ...decodeArguments(input, wanted, dialect), '-f', 'v4l2'],
    ...(inputFormat === undefined ? [] : ['-input_format', inputFormat]),
    ...(width === undefined || height === undefined ? [] : ['-video_size', `${width}x${height}`]),
    ...(fps === undefined ? [] : ['-framerate', String(fps)]),
    ...['-i', device],
  ];
}

function fileArguments(input: FileInput, wanted: Wanted, dialect: Dialect): string[] {
  return [
    ...['-protocol_whitelist', 'file', '-format_whitelist', FILE_FORMATS],
    ...decodeArguments(input, wanted, dialect),
    ...(input.isLive ? ['-re', '-stream_loop', '-1'] : []),
    ...(input.rounds === undefined ? [] : ['-stream_loop', String(input.rounds - 1)]),
    ...['-i', `file:${input.path}`],
  ];
}

function pipeArguments(): string[] {
  return [
    ...['-protocol_whitelist', 'pipe', '-fflags', '+nobuffer', '-probesize', '32', '-threads', '1'],
    ...['-use_wallclock_as_timestamps', '1', '-f', 'mpjpeg', '-i', 'pipe:0'],
  ];
}

/** Packets without a time of their own get one where they are written to files. */
function lowDelay({ isCopied }: Wanted): string[] {
  return ['-fflags', `+nobuffer+discardcorrupt${isCopied ? '+genpts' : ''}`, '-flags', '+low_delay'];
}

/** Frame threads would hold pictures back. */
function decodeArguments({ decode, hardware }: Coded, { hasPictures }: Wanted, dialect: Dialect): string[] {
  if (!hasPictures) return [];
  return [
    ...['-threads', '1'],
    ...(hardware ? HARDWARE_RECIPES[hardware.preset].decode(hardware, dialect) : []),
    ...(decode === 'keyframes' ? ['-skip_frame', 'nokey'] : []),
  ];
}
