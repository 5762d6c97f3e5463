/** A small HTTP camera that behaves, or misbehaves on purpose. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';

/** What a request gets. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A running camera. */
export interface HttpCamera extends AsyncDisposable {
  url: string;
  /** Requests so far. */
  requests: IncomingMessage[];
}

/** Serves one answer on loopback. */
export async function startHttpCamera(answer: Answer): Promise<HttpCamera> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/picture`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    },
  };
}

/** A JPEG of one colour. */
export function jpegOf(width: number, height: number, background = 'teal'): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

/** True when a request carries the right answer to a Digest challenge (MD5, nonce `n1`, realm `cam`). */
export function isDigestRight(request: IncomingMessage, username: string, password: string): boolean {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const header = request.headers.authorization ?? '';
  const field = (name: string) => new RegExp(`${name}="?([^",]+)`).exec(header)?.[1] ?? '';
  const who = md5(`${username}:cam:${password}`);
  const what = md5(`${request.method}:${request.url}`);
  const expected = md5(`${who}:n1:${field('nc')}:${field('cnonce')}:auth:${what}`);
  return field('response') === expected;
}
