/** A still picture at an HTTP address, asked for again and again; nothing is sent when it has not changed. */
import { z } from 'zod';
import type { EgressResponse } from '#base/egress-fetch.ts';
import { GlimpserError } from '#base/errors.ts';
import { fetchWithLogin, type Login, LoginMemory } from '#base/http-login.ts';
import { checkPicture, type PictureFacts } from '#base/picture.ts';
import { defineKind, type SourceContext } from './kind.ts';

const options = z.strictObject({
  url: z
    .string()
    .regex(/^https?:\/\//i, 'must be an address that starts with http:// or https://')
    .max(2000)
    .describe('Address of the picture, such as http://192.168.1.20/snapshot.jpg'),
  username: z.string().max(200).default('').describe('User name, when the server asks for one'),
  password: z.string().max(200).default('').describe('Password').meta({ secret: true }),
  maxBytes: z
    .number()
    .int()
    .min(10_000)
    .max(100_000_000)
    .default(25_000_000)
    .describe('Larger pictures are refused, in bytes'),
  checkCertificate: z
    .boolean()
    .default(true)
    .describe('Off: a certificate that the camera signed itself is accepted'),
});

type Still = PictureFacts & { image: Buffer };

export default defineKind({
  title: 'Still picture (HTTP)',
  description: 'A picture at an address: most cameras have one, and so do many weather and traffic sites.',
  family: 'camera',
  manner: 'single',
  schedule: '10s',
  options,
  async *frames({ url, username, password, maxBytes, checkCertificate }, context) {
    const login = username === '' ? undefined : { username, password };
    const memory = new LoginMemory();
    let last: (Still & { etag: string | undefined }) | undefined;
    while (!context.signal.aborted) {
      const startedAt = context.clock.monotonic();
      const response = await ask(
        url,
        { maxBytes, checkCertificate, login, memory, etag: last?.etag },
        context,
      );
      if (response.status === 304 && last) response.body.destroy();
      else last = { ...(await read(response, url)), etag: response.headers.etag };
      const { image, type, width, height } = last;
      const tookMs = Math.round(context.clock.monotonic() - startedAt);
      yield { image, type, width, height, at: context.clock.now(), tookMs };
      if (context.isSingle) return;
      await context.clock.sleep(Math.max(context.everyMs, 200), context.signal);
    }
  },
});

interface Asking {
  maxBytes: number;
  checkCertificate: boolean;
  login: Login | undefined;
  memory: LoginMemory;
  etag: string | undefined;
}

function ask(url: string, asking: Asking, context: SourceContext): Promise<EgressResponse> {
  const request = {
    rules: { protocols: ['http', 'https'], reach: 'lan' as const },
    signal: context.signal,
    maxBytes: asking.maxBytes,
    tooLargeCode: 'picture-too-large' as const,
    isCertificateChecked: asking.checkCertificate,
    headers: {
      accept: 'image/jpeg, image/png, image/webp, image/*;q=0.5',
      ...(asking.etag === undefined ? {} : { 'if-none-match': asking.etag }),
    },
  };
  return fetchWithLogin(context.egress, url, request, asking.login, asking.memory);
}

async function read(response: EgressResponse, url: string): Promise<Still> {
  const host = new URL(url).host;
  if (response.status !== 200) {
    response.body.destroy();
    throw new GlimpserError(
      'source-unreachable',
      `${host} answers ${response.status} instead of a picture. Check the address.`,
    );
  }
  const chunks: Buffer[] = [];
  for await (const chunk of response.body) chunks.push(chunk as Buffer);
  const image = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  return { image, ...checkPicture(image) };
}
