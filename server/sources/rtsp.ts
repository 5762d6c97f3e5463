/** Cameras with an RTSP address, read by one FFmpeg process each. */
import { z } from 'zod';
import { jpegArguments, jpegScale } from '#base/ffmpeg-args.ts';
import { ffmpegPictures } from '#base/ffmpeg-pictures.ts';
import { defineKind } from './kind.ts';

const options = z.strictObject({
  url: z
    .string()
    .regex(/^rtsps?:\/\//i, 'must be an address that starts with rtsp:// or rtsps://')
    .max(2000)
    .describe(
      'Address of the stream, such as rtsp://192.168.1.20:554/stream1. The small stream of the camera is enough',
    ),
  username: z.string().max(200).default('').describe('User name of the camera'),
  password: z.string().max(200).default('').describe('Password of the camera').meta({ secret: true }),
  transport: z
    .enum(['tcp', 'udp'])
    .default('tcp')
    .describe('How pictures travel. TCP loses nothing; UDP only where TCP does not work'),
  fps: z.number().min(0.1).max(30).default(5).describe('Pictures a second'),
  width: z
    .number()
    .int()
    .min(0)
    .max(3840)
    .default(0)
    .describe('Width in pixels; 0 keeps the size of the camera'),
  quality: z.number().int().min(1).max(100).default(75).describe('JPEG quality, 1 to 100'),
});

export default defineKind({
  title: 'Camera (RTSP)',
  description: 'Most network cameras. Look up the RTSP address in the manual of the camera.',
  family: 'camera',
  manner: 'stream',
  schedule: 'live',
  options,
  async *frames({ url, username, password, transport, fps, width, quality }, context) {
    const { name, signal, clock, isSingle } = context;
    // The check keeps FFmpeg away from closed addresses; a redirect that the camera itself sends is still followed.
    await context.egress.check(url, { protocols: ['rtsp', 'rtsps'], reach: 'lan' }, signal);
    const rate = context.everyMs > 0 ? Math.min(fps, 1000 / context.everyMs) : fps;
    const args = jpegArguments(
      { from: 'rtsp', url: withLogin(url, username, password), transport },
      { fd: 3, fps: rate, width, quality: jpegScale(quality), isSingle },
    );
    yield* ffmpegPictures(context.ffmpeg, {
      args,
      name,
      signal,
      clock,
      isSingle,
      note: line => context.note(line),
    });
  },
});

function withLogin(url: string, username: string, password: string): string {
  if (username === '') return url;
  const login = `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
  return url.replace(/^(rtsps?:\/\/)(?:[^/@]*@)?/i, `$1${login}`);
}
