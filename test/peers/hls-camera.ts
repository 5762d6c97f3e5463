/** A live HLS camera: FFmpeg writes a sliding playlist, a plain server hands it out. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { startChild } from '#server/base/child.ts';
import { until } from '#test/fakes/until.ts';
import { type HttpCamera, startHttpCamera } from '#test/peers/http-camera.ts';
import type { GuardOptions } from '#test/peers/http-guard.ts';

/** What the camera is like. */
export interface HlsCameraOptions {
  login?: GuardOptions;
  /** Stands in front of the name of each segment in the playlist: `http://elsewhere/`. */
  elsewhere?: string;
  /** Where the playlist is asked for instead is sent. */
  movedTo?: string;
  /** Segments of MP4, which have their beginning in a file of its own, or such that a key opens. */
  segments?: 'fmp4' | 'encrypted';
}

/** Serves until disposed; the playlist is at `/live.m3u8`. */
export async function startHlsCamera(
  options: HlsCameraOptions = {},
): Promise<HttpCamera & { playlist: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'glimpser-hls-'));
  const child = startChild('ffmpeg', [
    ...['-nostdin', '-loglevel', 'error', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '10', '-f', 'hls'],
    ...['-hls_time', '1', '-hls_list_size', '4', '-hls_flags', 'delete_segments'],
    ...(await segmentArguments(folder, options.segments)),
    join(folder, 'live.m3u8'),
  ]);
  child.stdout.resume();
  await until('the playlist is there', () => readFile(join(folder, 'live.m3u8')).catch(() => false));
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const name = basename(new URL(request.url ?? '', 'http://any').pathname);
    if (options.movedTo) return void response.writeHead(302, { Location: options.movedTo }).end();
    const bytes = await readFile(join(folder, name)).catch(() => undefined);
    if (!bytes) return void response.writeHead(404).end();
    const isList = name.endsWith('.m3u8');
    const text = isList ? bytes.toString().replace(/^live/gm, `${options.elsewhere ?? ''}live`) : bytes;
    response.writeHead(200, { 'content-type': isList ? 'application/vnd.apple.mpegurl' : 'video/mp2t' });
    response.end(text);
  };
  const camera = await startHttpCamera((request, response) => void answer(request, response), options.login);
  return {
    ...camera,
    get wrongTries() {
      return camera.wrongTries;
    },
    playlist: new URL('/live.m3u8', camera.url).href,
    async [Symbol.asyncDispose]() {
      await camera[Symbol.asyncDispose]();
      await child.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function segmentArguments(folder: string, sort: HlsCameraOptions['segments']): Promise<string[]> {
  if (sort === 'fmp4') return ['-hls_segment_type', 'fmp4'];
  if (sort === undefined) return [];
  await writeFile(join(folder, 'live.key'), randomBytes(16));
  await writeFile(join(folder, 'info'), `live.key\n${join(folder, 'live.key')}\n`);
  return ['-hls_key_info_file', join(folder, 'info')];
}
