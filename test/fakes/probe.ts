/** What FFmpeg, which wrote none of it, finds in a movie. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '#test/fakes/folder.ts';

const run = promisify(execFile);

/** One stream of a file. */
export interface Probed {
  codec_name: string;
  codec_type: string;
  width?: number;
  height?: number;
  sample_rate?: string;
  /** How many frames could be decoded. */
  nb_read_frames: string;
}

/** What was found. */
export interface Probe {
  streams: Probed[];
  /** In seconds. */
  duration: number;
  /** What the decoders complain of; empty when all is well. */
  complaints: string;
}

/** Decodes a movie whole. */
export async function probeMovie(
  t: { after(call: () => Promise<void>): void },
  bytes: Buffer,
): Promise<Probe> {
  const path = join(await temporaryFolder(t), 'movie.mp4');
  await writeFile(path, bytes);
  return probeAddress(path);
}

/** Decodes what lies at a path or an address. */
export async function probeAddress(path: string): Promise<Probe> {
  const shown = ['-count_frames', '-show_streams', '-show_format', '-of', 'json'];
  const { stdout, stderr } = await run('ffprobe', ['-v', 'warning', ...shown, path]);
  const { streams, format } = JSON.parse(stdout) as { streams: Probed[]; format: { duration: string } };
  const decoded = await run('ffmpeg', ['-v', 'warning', '-i', path, '-f', 'null', '-']);
  return { streams, duration: Number(format.duration), complaints: stderr + decoded.stderr };
}

/** Decodes the first pictures of a live address and hangs up. */
export async function decodeSome(
  address: string,
  frames: number,
  input: readonly string[] = [],
): Promise<{ frames: number; complaints: string }> {
  const args = ['-v', 'warning', ...input, '-i', address, '-frames:v', String(frames)];
  const { stdout, stderr } = await run('ffmpeg', [...args, '-f', 'framemd5', '-'], { timeout: 60_000 });
  const lines = stdout.split('\n').filter(line => /^0,/.test(line));
  return { frames: lines.length, complaints: stderr };
}
