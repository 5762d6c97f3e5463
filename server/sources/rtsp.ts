/** Cameras with an RTSP address, read by one FFmpeg process each. */
import { z } from 'zod';
import type { Target } from '#base/egress.ts';
import { ffmpegArguments } from '#base/ffmpeg-args.ts';
import { ffmpegPictures } from '#base/ffmpeg-pictures.ts';
import { splitLogin, withLogin } from '#base/http-login.ts';
import { defineKind } from './kind.ts';

const options = z.strictObject({
  url: z
    .string()
    .regex(/^rtsps?:\/\//i, 'must be an address that starts with rtsp:// or rtsps://')
    .max(2000)
    .describe(
      'Address of the stream, such as rtsp://192.168.1.20:554/stream1. The small stream of the camera is enough',
    )
    .meta({ title: 'Address' }),
  username: z.string().max(200).default('').describe('User name of the camera').meta({ title: 'User name' }),
  password: z
    .string()
    .max(200)
    .default('')
    .describe('Password of the camera')
    .meta({ title: 'Password', secret: true }),
  transport: z
    .enum(['tcp', 'udp', 'prefer_tcp'])
    .default('tcp')
    .describe('How pictures travel. TCP loses nothing; UDP only where TCP does not work')
    .meta({ title: 'How pictures travel' }),
  fps: z
    .number()
    .min(0.1)
    .max(30)
    .default(5)
    .describe('At most so many pictures a second')
    .meta({ title: 'Pictures a second' }),
  width: z
    .number()
    .int()
    .min(0)
    .max(3840)
    .default(0)
    .describe('Width in pixels, never larger than sent; 0 keeps the size of the camera')
    .meta({ title: 'Width' }),
  quality: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(85)
    .describe('JPEG quality, 1 to 100')
    .meta({ title: 'Quality' }),
  keyframesOnly: z
    .boolean()
    .default(false)
    .describe('Decode key frames only: far less work, and one picture every few seconds')
    .meta({ title: 'Only key frames' }),
});

export default defineKind({
  title: 'Camera (RTSP)',
  description: 'Most network cameras. Look up the RTSP address in the manual of the camera.',
  family: 'camera',
  manner: 'stream',
  schedule: 'live',
  options,
  async *frames({ fps, width, quality, transport, keyframesOnly, ...where }, context) {
    const { name, ffmpeg, signal, clock, isSingle } = context;
    const { url, login } = splitLogin(where.url, where.username, where.password);
    // FFmpeg itself follows a redirect that the camera sends; only the address that was written is checked here.
    const target = await context.egress.check(url, { protocols: ['rtsp', 'rtsps'], reach: 'lan' }, signal);
    const args = ffmpegArguments(
      {
        from: 'rtsp',
        // FFmpeg takes a login in no other way; it is redacted wherever its lines are shown.
        url: withLogin({ url: pinned(url, target), login }),
        transport,
        isKeyframesOnly: keyframesOnly,
      },
      [{ to: 'jpeg', fd: 3, everyMs: Math.max(1000 / fps, context.everyMs), width, quality, isSingle }],
      ffmpeg.version,
    );
    const note = (line: string) => context.note(line);
    yield* ffmpegPictures(ffmpeg, { args, name, signal, clock, isSingle, note });
  },
});

/** With the checked address instead of the name, which may lead elsewhere by now. A certificate needs the name. */
function pinned(url: string, { address, port }: Target): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return url.replace(/^(rtsp:\/\/)[^/?#]*/i, `$1${host}:${port}`);
}
