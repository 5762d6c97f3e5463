/** Cameras with an RTSP address, read once each, always by way of a relay. */
import { z } from 'zod';
import { cameraOptions, cameraShape } from '#base/camera-options.ts';
import { cameraPictures } from '#base/camera-pictures.ts';
import { splitLogin } from '#base/http-login.ts';
import { RelayedInput } from '#base/rtsp/relayed-input.ts';
import { picturesBesideStream } from '#base/two-streams.ts';
import { loginOptions, transport } from '#base/web-options.ts';
import { defineKind, type SourceContext } from './kind.ts';

const options = z.strictObject({
  url: z
    .string()
    .regex(/^rtsps?:\/\//i, 'must be an address that starts with rtsp:// or rtsps://')
    .max(2000)
    .describe(
      'Address of the stream, such as rtsp://192.168.1.20:554/stream1. Recorders and the web app play this one',
    )
    .meta({ title: 'Address' }),
  subUrl: z
    .string()
    .regex(/^(rtsps?:\/\/|$)/i, 'must be an address that starts with rtsp:// or rtsps://, or nothing')
    .max(2000)
    .default('')
    .describe(
      'Address of a second, smaller stream of the same camera. Pictures are made of that one then, and the large stream is only handed on, which costs next to nothing',
    )
    .meta({ title: 'Small stream for pictures' }),
  ...loginOptions({ username: 'User name of the camera', password: 'Password of the camera' }),
  transport,
  checkCertificate: z
    .boolean()
    .default(true)
    .describe('For rtsps://. Off: a certificate that the camera signed itself is accepted')
    .meta({ title: 'Check the certificate' }),
  ...cameraOptions,
});

type Options = z.output<typeof options>;

export default defineKind({
  title: 'Camera (RTSP)',
  description: 'Most network cameras. Look up the RTSP address in the manual of the camera.',
  family: 'camera',
  manner: 'stream',
  hasVideo: true,
  schedule: 'live',
  options,
  async *frames(options, context) {
    const { inlet } = context;
    const run = { ...context, ...cameraShape(options, context.everyMs) };
    await using small = relayed(options.subUrl || options.url, options, context);
    await using large = relayed(options.url, options, context);
    const input = (signal: AbortSignal) => small.open(signal);
    try {
      // Without a place for the large stream only pictures are wanted.
      if (options.subUrl === '' || !inlet) yield* cameraPictures({ ...run, input });
      else yield* picturesBesideStream({ ...run, inlet, input, large: signal => large.open(signal) });
    } catch (thrown) {
      throw large.explain(small.explain(thrown));
    }
  },
});

function relayed(address: string, options: Options, { egress, clock, name }: SourceContext) {
  const { url, login } = splitLogin(address, options.username, options.password);
  const { transport, checkCertificate: isCertificateChecked } = options;
  return new RelayedInput({ url, login, name, egress, clock, transport, isCertificateChecked });
}
