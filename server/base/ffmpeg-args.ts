/** Builds FFmpeg's argument lists: every option is ours, nothing from outside is ever taken as an option. */

/** Where FFmpeg reads. */
export type FfmpegInput =
  | { from: 'lavfi'; graph: string }
  | { from: 'rtsp'; url: string; transport: 'tcp' | 'udp'; isKeyframesOnly?: boolean };

/** A JPEG output on an extra pipe, behind the fifo muxer: when nobody reads, pictures are dropped, never the rest. */
export interface JpegOutput {
  /** File descriptor of the pipe. */
  fd: number;
  fps: number;
  /** Width in pixels; 0 keeps the width of the input. */
  width: number;
  /** 2 (best) to 31. */
  quality: number;
  /** End after the first picture. */
  isSingle: boolean;
}

const COMMON = ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'level+warning'];
const RTSP_TIMEOUT_US = 10_000_000;

/** The whole argument list for one input and one JPEG output. */
export function jpegArguments(input: FfmpegInput, output: JpegOutput): string[] {
  return [...COMMON, ...inputArguments(input), '-an', '-sn', '-dn', ...outputArguments(output)];
}

function inputArguments(input: FfmpegInput): string[] {
  if (input.from === 'lavfi') return ['-re', '-f', 'lavfi', '-i', input.graph];
  // Low probing brings the first picture in a second; TCP avoids the grey smears of lost packets.
  return [
    '-protocol_whitelist',
    'rtsp,rtsps,rtp,udp,tcp,tls,crypto',
    '-fflags',
    'nobuffer+discardcorrupt',
    '-flags',
    'low_delay',
    '-probesize',
    '500000',
    '-analyzeduration',
    '1000000',
    '-threads',
    '1',
    ...(input.isKeyframesOnly ? ['-skip_frame', 'nokey'] : []),
    '-rtsp_transport',
    input.transport,
    '-allowed_media_types',
    'video',
    '-timeout',
    String(RTSP_TIMEOUT_US),
    '-f',
    'rtsp',
    '-i',
    input.url,
  ];
}

function outputArguments({ fd, fps, width, quality, isSingle }: JpegOutput): string[] {
  const scale = width > 0 ? [`scale=${width}:-2`] : [];
  // A rate filter holds the first picture back for half its period; a single picture needs none.
  const rate = isSingle ? [] : [`fps=${fps}`];
  const filters = [...rate, ...scale, 'format=yuvj420p'].join(',');
  return [
    '-map',
    '0:v:0',
    '-vf',
    filters,
    '-c:v',
    'mjpeg',
    '-q:v',
    String(quality),
    '-threads',
    '1',
    ...(isSingle ? ['-frames:v', '1'] : []),
    '-f',
    'fifo',
    '-fifo_format',
    'mpjpeg',
    '-queue_size',
    '4',
    '-drop_pkts_on_overflow',
    '1',
    `pipe:${fd}`,
  ];
}

/** FFmpeg's scale for JPEG (2 best, 31 worst) from the usual 1 to 100. */
export function jpegScale(quality: number): number {
  return Math.min(31, Math.max(2, Math.round(31 - (quality / 100) * 29)));
}
