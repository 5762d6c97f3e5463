/** What FFmpeg writes: the outputs that have a taker, each with its arguments. */

import { GlimpserError } from './errors.ts';
import type { Dialect } from './ffmpeg-dialect.ts';

/** JPEG pictures on an extra pipe, behind the fifo muxer: when nobody reads, pictures are dropped, never the rest. */
export interface JpegOutput {
  to: 'jpeg';
  /** File descriptor of the pipe. */
  fd: number;
  /** Shortest time between two pictures; 0 takes every picture of the input. */
  everyMs: number;
  /** Width in pixels, never larger than the input; 0 keeps the width of the input. */
  width: number;
  /** 1 to 100 (best). */
  quality: number;
  /** End after the first picture. */
  isSingle: boolean;
}

/** Gray pictures without any frame around them, `width × height` bytes each, for measuring. */
export interface GrayOutput {
  to: 'gray';
  fd: number;
  everyMs: number;
  width: number;
  height: number;
  /** Not one picture may be lost: its reader holds everything up. For files, never for what is live. */
  isComplete?: boolean;
}

/** What becomes of sound: `copy` hands it on as it is, `aac` codes it anew. An input without sound gives none. */
export type Sound = 'none' | 'copy' | 'aac';

/** The coded stream as it came, pushed to an RTSP server of ours. It must always read: a slow one holds all up. */
export interface PushOutput {
  to: 'push';
  url: string;
  sound: Sound;
}

/** Pictures coded as H.264 at a steady rate, pushed to an RTSP server of ours. */
export interface EncodeOutput {
  to: 'encode';
  url: string;
  /** Pictures a second; one that is missing is filled with the one before as soon as another comes. */
  fps: number;
  /** Even numbers. A picture of another shape gets black bars. */
  width: number;
  height: number;
}

/** The coded stream as it came, cut at key frames into MP4 files that stay readable when cut off. */
export interface SegmentsOutput {
  to: 'segments';
  /** A pipe that gets a line `name,start,end` (CSV, seconds) as each file is finished. */
  listFd: number;
  folder: string;
  /** Files are called `<prefix>000000.mp4` and on. */
  prefix: string;
  /** Shortest length of a file. */
  seconds: number;
  sound: Sound;
}

/** Outputs for which pictures are decoded. */
export type PictureOutput = JpegOutput | GrayOutput | EncodeOutput;

/** Outputs that hand on what came. */
export type CopyOutput = PushOutput | SegmentsOutput;

/** What FFmpeg writes. */
export type FfmpegOutput = PictureOutput | CopyOutput;

/** What an output has to know of its input. */
export interface Coming {
  /** Codec of the video, where it is known. */
  codec: 'h264' | 'h265' | undefined;
  /** Parameter sets stand beside the stream in the way of MP4 files. */
  isBoxed: boolean;
}

/** A speaker that is announced and never heard must not hold the pictures back for ten seconds. */
const NO_WAIT = ['-max_interleave_delta', '500000'];
const FIFO = ['-queue_size', '4', '-drop_pkts_on_overflow', '1'];

/** True when an output needs decoded pictures. */
export function needsPictures(output: FfmpegOutput): output is PictureOutput {
  return output.to === 'jpeg' || output.to === 'gray' || output.to === 'encode';
}

/** The arguments of an output that decoded pictures come to by the label. */
export function pictureArguments(output: PictureOutput, label: string, dialect: Dialect): string[] {
  const from = ['-map', `[${label}]`, ...dialect.everyPicture];
  if (output.to === 'jpeg') return [...from, ...jpegArguments(output)];
  if (output.to === 'gray') return [...from, '-c:v', 'rawvideo', ...grayArguments(output)];
  return [...from, ...encodeArguments(output)];
}

/** The arguments of an output that copies. */
export function copyArguments(output: CopyOutput, coming: Coming): string[] {
  const video = ['-map', '0:v:0', '-c:v', 'copy'];
  const sound = soundArguments(output.sound);
  if (output.to === 'push') {
    return [...video, ...parameterSets(coming), ...sound, ...pushArguments(output.url)];
  }
  const tag = coming.codec === 'h265' ? ['-tag:v', 'hvc1'] : [];
  return [...video, ...tag, ...sound, ...segmentsArguments(output)];
}

function jpegArguments({ fd, quality, isSingle }: JpegOutput): string[] {
  return [
    ...['-c:v', 'mjpeg', '-q:v', String(jpegScale(quality)), '-threads', '1'],
    ...(isSingle ? ['-frames:v', '1'] : []),
    ...['-f', 'fifo', '-fifo_format', 'mpjpeg', ...FIFO, `pipe:${fd}`],
  ];
}

function grayArguments({ fd, isComplete }: GrayOutput): string[] {
  const form = isComplete ? ['-f', 'rawvideo'] : ['-f', 'fifo', '-fifo_format', 'rawvideo', ...FIFO];
  return [...form, `pipe:${fd}`];
}

function encodeArguments({ url, fps }: EncodeOutput): string[] {
  return [
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-profile:v', 'main'],
    ...['-pix_fmt', 'yuv420p', '-color_range', 'tv', '-g', String(Math.round(2 * fps)), '-bf', '0'],
    // The encoder hands its parameter sets over once, for SDP; who joins later needs them in the stream.
    ...['-bsf:v', 'dump_extra=freq=keyframe'],
    ...pushArguments(url),
  ];
}

/**
 * In-band parameter sets, so that who joins later can begin at any key frame. What comes in the way of MP4 needs
 * the filter of its codec, which puts them in front of each key frame by itself.
 */
function parameterSets({ codec, isBoxed }: Coming): string[] {
  if (!isBoxed) return ['-bsf:v', 'dump_extra=freq=keyframe'];
  if (codec === undefined) return [];
  return ['-bsf:v', codec === 'h264' ? 'h264_mp4toannexb' : 'hevc_mp4toannexb'];
}

function soundArguments(sound: Sound): string[] {
  if (sound === 'none') return [];
  const coding = sound === 'copy' ? ['-c:a', 'copy'] : ['-c:a', 'aac', '-b:a', '64k'];
  return ['-map', '0:a:0?', ...coding, ...NO_WAIT];
}

/** Packets stay so small that they can go out over UDP as they are. */
function pushArguments(url: string): string[] {
  return ['-f', 'rtsp', '-rtsp_transport', 'tcp', '-pkt_size', '1316', url];
}

function segmentsArguments({ listFd, folder, prefix, seconds }: SegmentsOutput): string[] {
  if (/[/%]/.test(prefix)) throw new GlimpserError('internal', 'A prefix of files may not hold / or %.');
  // Only inside these options does flushing reach the files: what is cut off keeps all but its last fragment.
  const form = 'movflags=+frag_keyframe+empty_moov+default_base_moof:flush_packets=1';
  return [
    ...['-f', 'segment', '-segment_time', String(seconds), '-segment_format', 'mp4'],
    ...['-segment_format_options', form, '-reset_timestamps', '1'],
    ...['-segment_list', `pipe:${listFd}`, '-segment_list_type', 'csv'],
    `${folder.replaceAll('%', '%%')}/${prefix}%06d.mp4`,
  ];
}

/** FFmpeg's scale for JPEG (2 best, 31 worst) from the usual 1 to 100. */
function jpegScale(quality: number): number {
  return Math.min(31, Math.max(2, Math.round(31 - (quality / 100) * 29)));
}
