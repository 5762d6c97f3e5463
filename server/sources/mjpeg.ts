/** Cameras that send MJPEG over HTTP: pictures are passed through unchanged, without FFmpeg. */
import { z } from 'zod';
import { GlimpserError, isAbort } from '#base/errors.ts';
import { HttpLogin, splitLogin } from '#base/http-login.ts';
import { streamPictures } from '#base/picture-stream.ts';
import { checkCertificate, httpAddress, loginOptions } from '#base/web-options.ts';
import { defineKind } from './kind.ts';

const options = z.strictObject({
  url: httpAddress('Address of the MJPEG stream, such as http://192.168.1.20/video.mjpg'),
  ...loginOptions(),
  fps: z
    .number()
    .min(0.1)
    .max(60)
    .default(15)
    .describe('At most so many pictures a second; more are left out')
    .meta({ title: 'Pictures a second', liveOnly: true }),
  checkCertificate,
});

export default defineKind({
  title: 'Camera (MJPEG)',
  description:
    'Cameras and phones that send MJPEG over HTTP. They pass through as they are, with next to no work.',
  family: 'camera',
  manner: 'stream',
  hasVideo: false,
  schedule: 'live',
  options,
  async *frames({ fps, checkCertificate, ...where }, context) {
    const { name, clock, signal, egress, isSingle } = context;
    const { url, login } = splitLogin(where.url, where.username, where.password);
    const rules = { protocols: ['http', 'https'], reach: 'lan' as const };
    const request = { rules, signal, isCertificateChecked: checkCertificate };
    const { status, headers, body } = await new HttpLogin(name, login).fetch(egress, url, request);
    try {
      const type = String(headers['content-type'] ?? 'nothing');
      if (status !== 200 || !/^multipart\//i.test(type)) throw notMjpeg(name, status, type);
      const everyMs = Math.max(1000 / fps, context.everyMs);
      const note = (line: string) => context.note(line);
      for await (const picture of streamPictures(body, {
        name,
        clock,
        everyMs,
        boundary: boundaryOf(type),
        note,
        dropped: () => context.dropped(),
      })) {
        yield picture;
        if (isSingle) return;
      }
    } catch (thrown) {
      if (!signal.aborted || !isAbort(thrown)) throw thrown;
    } finally {
      body.destroy();
    }
  },
});

function boundaryOf(type: string): string | undefined {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type) ?? [];
  return quoted ?? bare;
}

function notMjpeg(name: string, status: number, type: string): GlimpserError {
  if (status === 404)
    return new GlimpserError(
      'source-unreachable',
      `${name} answers, but has nothing at this path (404). Look up the path in its manual.`,
    );
  if (status !== 200)
    return new GlimpserError('source-broken', `${name} answers ${status}. Check its address.`);
  const advice = /^image\//i.test(type) ? 'Use the kind “Still picture”.' : 'Check its address.';
  return new GlimpserError(
    'source-broken',
    `${name} sends ${type.slice(0, 60)}, not an MJPEG stream. ${advice}`,
  );
}
