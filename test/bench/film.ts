/**
 * A film that cameras of benchmarks play: 720p with moving noise, 4 Mbit/s, a key frame every two seconds, no
 * B-frames, coded as cameras code: CABAC, a loop filter, one slice a picture.
 */
import { join } from 'node:path';
import { startChild } from '#server/base/child.ts';

/** Makes ten minutes of it; the file lies in the folder. */
export async function film(folder: string, fps = 30): Promise<string> {
  const [short, long] = [join(folder, 'short.mp4'), join(folder, 'long.mp4')];
  const coding = `-c:v libx264 -preset veryfast -tune zerolatency -x264-params sliced-threads=0 -b:v 4M -maxrate 4M -bufsize 4M -g ${2 * fps} -bf 0`;
  const source = ['-f', 'lavfi', '-i', `testsrc2=s=1280x720:r=${fps},noise=alls=12:allf=t`, '-t', '10'];
  const quiet = ['-nostdin', '-loglevel', 'error', '-y'];
  const pixels = ['-sc_threshold', '0', '-pix_fmt', 'yuv420p'];
  await startChild('ffmpeg', [...quiet, ...source, ...coding.split(' '), ...pixels, short]).exited;
  await startChild('ffmpeg', [...quiet, '-stream_loop', '60', '-i', short, '-c', 'copy', long]).exited;
  return long;
}

/** The pipeline of gst-rtsp-server that plays it as a camera. */
export function playing(path: string): string {
  return `( filesrc location=${path} ! qtdemux ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )`;
}
