/** Cameras that send MJPEG over HTTP: pictures are passed through unchanged, without FFmpeg. */
import { z } from 'zod';
import { GlimpserError, isAbort } from '#base/errors.ts';
import { fetchWithLogin, LoginMemory } from '#base/http-login.ts';
import { readParts } from '#base/multipart.ts';
import { checkPicture } from '#base/picture.ts';
import type { Picture } from '#model/frame.ts';
import { defineKind, type SourceContext } from './kind.ts';

const DAMAGED_IN_A_ROW = 10;

const options = z.strictObject({
  url: z
    .string()
    .regex(/^https?:\/\//i, 'must be an address that starts with http:// or https://')
    .max(2000)
    .describe('Address of the MJPEG stream, such as http://192.168.1.20/video.mjpg'),
  username: z.string().max(200).default('').describe('User name, when the camera asks for one'),
  password: z.string().max(200).default('').describe('Password').meta({ secret: true }),
  fps: z
    .number()
    .min(0.1)
    .max(60)
    .default(15)
    .describe('At most so many pictures a second; more are left out'),
  checkCertificate: z
    .boolean()
    .default(true)
    .describe('Off: a certificate that the camera signed itself is accepted'),
});

export default defineKind({
  title: 'Camera (MJPEG)',
  description: 'Cameras and phones that send MJPEG over HTTP. Nothing is decoded or encoded again.',
  family: 'camera',
  manner: 'stream',
  schedule: 'live',
  options,
  async *frames({ url, username, password, fps, checkCertificate }, context) {
    const login = username === '' ? undefined : { username, password };
    const rules = { protocols: ['http', 'https'], reach: 'lan' as const };
    const request = { rules, signal: context.signal, isCertificateChecked: checkCertificate };
    const response = await fetchWithLogin(context.egress, url, request, login, new LoginMemory());
    const type = String(response.headers['content-type'] ?? 'nothing');
    if (response.status !== 200 || !/^multipart\//i.test(type)) {
      response.body.destroy();
      throw notMjpeg(new URL(url).host, response.status, type);
    }
    const everyMs = Math.max(1000 / fps, context.everyMs);
    try {
      yield* pictures(response.body, everyMs, context);
    } finally {
      response.body.destroy();
    }
  },
});

/** Whole pictures at the wanted pace. A damaged one is left out; ten in a row are a failure. */
async function* pictures(
  body: AsyncIterable<Buffer>,
  everyMs: number,
  context: SourceContext,
): AsyncGenerator<Picture> {
  let dueAt = Number.NEGATIVE_INFINITY;
  let damaged = 0;
  try {
    for await (const part of readParts(body)) {
      const nowMs = context.clock.monotonic();
      // Half a period early still counts: two clocks never beat together.
      if (nowMs < dueAt - everyMs / 2) continue;
      try {
        const facts = checkPicture(part.body);
        damaged = 0;
        dueAt = Math.max(dueAt + everyMs, nowMs);
        yield { image: part.body, ...facts, at: context.clock.now() };
      } catch (thrown) {
        if (!(thrown instanceof GlimpserError) || ++damaged >= DAMAGED_IN_A_ROW) throw thrown;
        context.note(`A damaged picture was left out: ${thrown.message}`);
      }
      if (context.isSingle && damaged === 0) return;
    }
  } catch (thrown) {
    if (context.signal.aborted && isAbort(thrown)) return;
    throw thrown;
  }
}

function notMjpeg(host: string, status: number, type: string): GlimpserError {
  if (status !== 200)
    return new GlimpserError('source-unreachable', `${host} answers ${status}. Check the address.`);
  const advice = /^image\//i.test(type) ? 'Use the kind “Still picture”.' : 'Check the address.';
  return new GlimpserError(
    'source-broken',
    `${host} sends ${type.slice(0, 60)}, not an MJPEG stream. ${advice}`,
  );
}
