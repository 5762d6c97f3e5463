/** A still picture at an HTTP address, asked for again and again; nothing is sent when it has not changed. */
import { z } from 'zod';
import type { EgressRequest, EgressResponse } from '#base/egress-fetch.ts';
import { asGlimpserError, GlimpserError } from '#base/errors.ts';
import { HttpLogin, splitLogin } from '#base/http-login.ts';
import { checkPicture, type PictureFacts } from '#base/picture.ts';
import { defineKind, type SourceContext } from './kind.ts';

/** For the whole answer: a server that drips bytes is silent, too. */
const ANSWER_MS = 20_000;
const SHORTEST_MS = 200;

const options = z.strictObject({
  url: z
    .string()
    .regex(/^https?:\/\//i, 'must be an address that starts with http:// or https://')
    .max(2000)
    .describe('Address of the picture, such as http://192.168.1.20/snapshot.jpg')
    .meta({ title: 'Address' }),
  username: z
    .string()
    .max(200)
    .default('')
    .describe('User name, when the server asks for one')
    .meta({ title: 'User name' }),
  password: z.string().max(200).default('').describe('Password').meta({ title: 'Password', secret: true }),
  maxBytes: z
    .number()
    .int()
    .min(10_000)
    .max(100_000_000)
    .default(25_000_000)
    .describe('Larger pictures are refused, in bytes')
    .meta({ title: 'Largest picture' }),
  checkCertificate: z
    .boolean()
    .default(true)
    .describe('Off: a certificate that the camera signed itself is accepted')
    .meta({ title: 'Check the certificate' }),
});

/** A picture with what the server calls this version of it. Dates are not asked by: cheap cameras send a fixed one. */
interface Still extends PictureFacts {
  image: Buffer;
  etag: string | undefined;
}

export default defineKind({
  title: 'Still picture (HTTP)',
  description: 'A picture at an address: most cameras have one, and so do many weather and traffic sites.',
  family: 'camera',
  manner: 'single',
  hasVideo: false,
  schedule: '10s',
  options,
  async *frames({ maxBytes, checkCertificate, ...where }, context) {
    const { name, clock, signal, egress, isSingle } = context;
    const { url, login } = splitLogin(where.url, where.username, where.password);
    const http = new HttpLogin(name, login);
    let last: Still | undefined;
    while (!signal.aborted) {
      const startedMs = clock.monotonic();
      last = await within(context, async inTime => {
        const request = requestFor(last, {
          signal: inTime,
          maxBytes,
          isCertificateChecked: checkCertificate,
        });
        return read(await http.fetch(egress, url, request), last, name);
      });
      const { image, type, width, height } = last;
      const tookMs = Math.round(clock.monotonic() - startedMs);
      yield { image, type, width, height, at: clock.now(), tookMs };
      if (isSingle) return;
      const nextMs = startedMs + Math.max(context.everyMs, SHORTEST_MS);
      await clock.sleep(Math.max(0, nextMs - clock.monotonic()), signal);
    }
  },
});

/** Runs one request with a limit for all of it. Throws `source-silent` when it is over. */
async function within<T>(context: SourceContext, ask: (inTime: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  using _limit = context.clock.after(ANSWER_MS, () => late.abort());
  try {
    return await ask(AbortSignal.any([context.signal, late.signal]));
  } catch (thrown) {
    context.signal.throwIfAborted();
    if (!late.signal.aborted) throw thrown;
    const sentence = `${context.name} did not send its picture within ${ANSWER_MS / 1000} s. Check it and the network.`;
    throw new GlimpserError('source-silent', sentence, { cause: thrown });
  }
}

type Limits = Pick<EgressRequest, 'signal' | 'maxBytes' | 'isCertificateChecked'>;

function requestFor(last: Still | undefined, limits: Limits): EgressRequest {
  return {
    ...limits,
    rules: { protocols: ['http', 'https'], reach: 'lan' },
    tooLargeCode: 'picture-too-large',
    headers: {
      accept: 'image/jpeg, image/png, image/webp, image/*;q=0.5',
      ...(last?.etag === undefined ? {} : { 'if-none-match': last.etag }),
    },
  };
}

async function read(response: EgressResponse, last: Still | undefined, name: string): Promise<Still> {
  const { status, headers, body } = response;
  if (status === 304 && last) {
    body.resume();
    return last;
  }
  if (status !== 200) {
    body.destroy();
    const code = status === 404 || status === 410 ? 'source-unreachable' : 'source-broken';
    throw new GlimpserError(code, `${name} answers ${status} instead of a picture. Check its address.`);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  const image = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  return { image, ...checked(image, headers['content-type'], name), etag: headers.etag };
}

function checked(image: Buffer, type: string | undefined, name: string): PictureFacts {
  try {
    return checkPicture(image);
  } catch (cause) {
    const { code, message } = asGlimpserError(cause);
    const called = type === undefined ? '' : ` The server calls it ${type.slice(0, 60)}.`;
    throw new GlimpserError(code, `${name}: ${message}${called} Check its address.`, { cause });
  }
}
