/** Builds FFmpeg's argument lists: every option is ours, nothing from outside is ever taken as an option. */

/** How RTSP pictures travel; `prefer_tcp` asks for TCP and takes UDP. */
export type RtspTransport = 'tcp' | 'udp' | 'prefer_tcp';

/** Where FFmpeg reads. */
export type FfmpegInput =
  | { from: 'lavfi'; graph: string }
  | { from: 'rtsp'; url: string; transport: RtspTransport; isKeyframesOnly?: boolean };

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

/** What FFmpeg writes. */
export type FfmpegOutput = JpegOutput;

/** What differs between the versions of FFmpeg that are in use. */
interface Dialect {
  rtspTimeout: string;
  everyPicture: readonly string[];
}

const COMMON = ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'level+warning'];
const RTSP_TIMEOUT_US = 10_000_000;
/** Cameras never beat exactly; without this a picture that comes a little early would be left out. */
const TOLERANCE = { share: 0.1, maxMs: 20 };

/** The whole argument list. `version` as FFmpeg tells it; an unknown one counts as new. */
export function ffmpegArguments(
  input: FfmpegInput,
  outputs: readonly FfmpegOutput[],
  version?: string,
): string[] {
  const dialect = dialectOf(version);
  return [
    ...COMMON,
    ...inputArguments(input, dialect),
    '-filter_complex_threads',
    '1',
    '-filter_complex',
    filterGraph(outputs),
    ...outputs.flatMap((output, index) => jpegArguments(output, index, dialect)),
  ];
}

function dialectOf(version: string | undefined): Dialect {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  const number = major === undefined ? Number.POSITIVE_INFINITY : Number(major) + Number(minor) / 100;
  return {
    // Up to 4.4 the option -timeout makes FFmpeg wait to be called instead of calling.
    rtspTimeout: number < 5 ? '-stimeout' : '-timeout',
    everyPicture: number < 5.01 ? ['-vsync', 'passthrough'] : ['-fps_mode', 'passthrough'],
  };
}

function inputArguments(input: FfmpegInput, dialect: Dialect): string[] {
  // The lavfi device needs no protocol at all; an empty list would mean every one.
  if (input.from === 'lavfi') {
    return ['-protocol_whitelist', 'pipe', '-re', '-f', 'lavfi', '-i', input.graph];
  }
  const isTls = /^rtsps:/i.test(input.url);
  return [
    ...['-protocol_whitelist', isTls ? 'rtsp,rtsps,rtp,srtp,udp,tcp,tls,crypto' : 'rtsp,rtp,udp,tcp'],
    ...['-fflags', '+nobuffer+discardcorrupt', '-flags', '+low_delay'],
    // Low probing brings the first picture in a second; frame threads would hold pictures back.
    ...['-probesize', '500000', '-analyzeduration', '1000000', '-threads', '1'],
    ...(input.isKeyframesOnly ? ['-skip_frame', 'nokey'] : []),
    ...transportArguments(input.transport),
    ...['-allowed_media_types', 'video'],
    ...[dialect.rtspTimeout, String(RTSP_TIMEOUT_US)],
    ...['-f', 'rtsp', '-i', input.url],
  ];
}

function transportArguments(transport: RtspTransport): string[] {
  if (transport === 'prefer_tcp') return ['-rtsp_flags', 'prefer_tcp'];
  // Packets from strangers are not for us.
  if (transport === 'udp') return ['-rtsp_transport', 'udp', '-rtsp_flags', 'filter_src'];
  return ['-rtsp_transport', 'tcp'];
}

/** One decode, one branch per output. */
function filterGraph(outputs: readonly FfmpegOutput[]): string {
  const branches = outputs.map((output, index) => `${filters(output)}[out${index}]`);
  if (branches.length === 1) return `[0:v:0]${branches[0]}`;
  const labels = branches.map((_, index) => `[in${index}]`);
  const split = `[0:v:0]split=${branches.length}${labels.join('')}`;
  return [split, ...branches.map((branch, index) => `${labels[index]}${branch}`)].join(';');
}

function filters({ everyMs, width, isSingle }: JpegOutput): string {
  const pace = everyMs > 0 && !isSingle ? [paceFilter(everyMs)] : [];
  const scale = width > 0 ? [`scale=w=min(${width}\\,iw):h=-2`] : [];
  return [...pace, ...scale, 'format=yuvj420p'].join(',');
}

/**
 * Leaves pictures out, unlike the fps filter, which holds the first back for half a period and doubles those of
 * slow cameras. A clock that jumps back starts the count again.
 */
function paceFilter(everyMs: number): string {
  const gapMs = everyMs - Math.min(everyMs * TOLERANCE.share, TOLERANCE.maxMs);
  const gap = (gapMs / 1000).toFixed(4);
  return `select=isnan(prev_selected_t)+gte(t-prev_selected_t\\,${gap})+lt(t\\,prev_selected_t)`;
}

function jpegArguments({ fd, quality, isSingle }: JpegOutput, index: number, dialect: Dialect): string[] {
  return [
    ...['-map', `[out${index}]`, ...dialect.everyPicture],
    ...['-c:v', 'mjpeg', '-q:v', String(jpegScale(quality)), '-threads', '1'],
    ...(isSingle ? ['-frames:v', '1'] : []),
    ...['-f', 'fifo', '-fifo_format', 'mpjpeg', '-queue_size', '4', '-drop_pkts_on_overflow', '1'],
    `pipe:${fd}`,
  ];
}

/** FFmpeg's scale for JPEG (2 best, 31 worst) from the usual 1 to 100. */
function jpegScale(quality: number): number {
  return Math.min(31, Math.max(2, Math.round(31 - (quality / 100) * 29)));
}
