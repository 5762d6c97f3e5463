/** FFmpeg that pushes test pictures, and sound when asked for, to an address of ours. */
import { type Child, startChild } from '#server/base/child.ts';

/** What is pushed. Unset: H.264, 320×240, 15 pictures a second, a key frame every 2 s, no sound. */
export interface PushOptions {
  codec?: 'h264' | 'h265' | 'jpeg';
  audio?: 'aac' | 'opus' | 'pcmu';
  size?: string;
  fps?: number;
  bitrate?: string;
  /** Colours that tell one push from another. */
  pattern?: string;
  /** Runs as fast as it can for so many seconds, then ends. */
  seconds?: number;
}

const AUDIO = {
  aac: ['-c:a', 'aac', '-ar', '48000', '-ac', '2'],
  opus: ['-c:a', 'libopus', '-ar', '48000', '-ac', '2'],
  pcmu: ['-c:a', 'pcm_mulaw', '-ar', '8000', '-ac', '1'],
};

/**
 * Starts to push.
 * @example await using pushing = startPushing(publication.url, { audio: 'aac' });
 */
export function startPushing(url: string, options: PushOptions = {}): Child {
  const { codec = 'h264', audio, size = '320x240', fps = 15, seconds, pattern = 'testsrc2' } = options;
  const inputs = [
    `${pattern}=s=${size}:r=${fps}`,
    ...(audio ? ['sine=frequency=440:sample_rate=48000'] : []),
  ];
  return startChild('ffmpeg', [
    ...['-nostdin', '-hide_banner', '-loglevel', 'warning'],
    ...inputs.flatMap(input => [...(seconds ? [] : ['-re']), '-f', 'lavfi', '-i', input]),
    ...(seconds ? ['-t', String(seconds)] : []),
    ...videoArguments(codec, fps, options.bitrate ?? '500k'),
    ...(audio ? AUDIO[audio] : []),
    ...['-f', 'rtsp', '-rtsp_transport', 'tcp', '-pkt_size', '1316', url],
  ]);
}

function videoArguments(codec: NonNullable<PushOptions['codec']>, fps: number, bitrate: string): string[] {
  if (codec === 'jpeg') return ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', '8', '-huffman', 'default'];
  const gop = String(fps * 2);
  const common = ['-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-b:v', bitrate];
  const limits = ['-maxrate', bitrate, '-bufsize', bitrate, '-g', gop, '-bf', '0'];
  if (codec === 'h264') return ['-c:v', 'libx264', ...common, ...limits, '-sc_threshold', '0'];
  return [
    '-c:v',
    'libx265',
    ...common,
    '-x265-params',
    `keyint=${gop}:min-keyint=${gop}:scenecut=0:log-level=1`,
  ];
}
