/** Live video as an HLS playlist, such as town, beach and traffic cameras publish it. */
import { z } from 'zod';
import { cameraOptions, cameraShape } from '#base/camera-options.ts';
import { splitLogin } from '#base/http-login.ts';
import { httpAddress, loginOptions } from '#base/web-options.ts';
import { webPictures } from '#base/web-pictures.ts';
import { defineKind } from './kind.ts';

const options = z.strictObject({
  url: httpAddress('Address of the playlist; it ends in .m3u8 as a rule'),
  ...loginOptions(),
  ...cameraOptions,
});

export default defineKind({
  title: 'Live video (HLS)',
  description: 'Public cameras and streams whose address ends in .m3u8.',
  family: 'camera',
  manner: 'stream',
  hasVideo: true,
  schedule: 'live',
  options,
  async *frames(options, context) {
    const where = splitLogin(options.url, options.username, options.password);
    const rules = { protocols: ['http', 'https'], reach: 'lan' as const };
    const run = { ...context, ...cameraShape(options, context.everyMs) };
    yield* webPictures(run, { ...where, rules, input: { from: 'hls' } });
  },
});
