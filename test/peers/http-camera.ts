/** A small HTTP camera that behaves, or misbehaves on purpose. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { type GuardOptions, HttpGuard } from '#test/peers/http-guard.ts';

/** What a request gets. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A running camera. */
export interface HttpCamera extends AsyncDisposable {
  url: string;
  /** Requests so far. */
  requests: IncomingMessage[];
  /** Wrong user names or passwords so far. */
  readonly wrongTries: number;
}

/** Serves one answer on loopback, behind a login when one is given. */
export async function startHttpCamera(answer: Answer, login?: GuardOptions): Promise<HttpCamera> {
  const requests: IncomingMessage[] = [];
  const guard = login && new HttpGuard(login);
  const server = createServer((request, response) => {
    requests.push(request);
    if (!guard || guard.admits(request, response)) answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/picture?channel=1`,
    requests,
    get wrongTries() {
      return guard?.wrongTries ?? 0;
    },
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
