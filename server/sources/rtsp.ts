/** Cameras with an RTSP address, read once each. */
import { z } from 'zod';
import { cameraOptions, cameraShape } from '#base/camera-options.ts';
import { cameraPictures } from '#base/camera-pictures.ts';
import type { Target } from '#base/egress.ts';
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
  ...cameraOptions,
});

export default defineKind({
  title: 'Camera (RTSP)',
  description: 'Most network cameras. Look up the RTSP address in the manual of the camera.',
  family: 'camera',
  manner: 'stream',
  hasVideo: true,
  schedule: 'live',
  options,
  async *frames({ transport, ...options }, context) {
    const { url, login } = splitLogin(options.url, options.username, options.password);
    const rules = { protocols: ['rtsp', 'rtsps'], reach: 'lan' as const };
    // FFmpeg itself follows a redirect that the camera sends; only the address that was written is checked here.
    const target = await context.egress.check(url, rules, context.signal);
    yield* cameraPictures({
      ...context,
      // FFmpeg takes a login in no other way; it is redacted wherever its lines are shown.
      input: { from: 'rtsp', url: withLogin({ url: pinned(url, target), login }), transport },
      ...cameraShape(options, context.everyMs),
    });
  },
});

/** With the checked address instead of the name, which may lead elsewhere by now. A certificate needs the name. */
function pinned(url: string, { address, port }: Target): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return url.replace(/^(rtsp:\/\/)[^/?#]*/i, `$1${host}:${port}`);
}
