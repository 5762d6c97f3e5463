/** Starts to listen on a TCP port, with a sentence when it cannot be. */
import type { AddressInfo, Server } from 'node:net';
import { GlimpserError, sentenceOf } from '#base/errors.ts';

/** Resolves with the port. Throws `port-in-use` or `config-invalid`; `what` begins the sentence, `hint` ends it. */
export async function listenTcp(
  server: Server,
  host: string,
  port: number,
  what: string,
  hint = '',
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  try {
    await promise;
  } catch (cause) {
    const isTaken = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
    const sentence = isTaken
      ? `${what} cannot listen on ${host}: port ${port} is in use. ${hint}`
      : `${what} cannot listen on ${host} port ${port}: ${sentenceOf(cause)}. ${hint}`;
    throw new GlimpserError(isTaken ? 'port-in-use' : 'config-invalid', sentence.trim(), { cause });
  }
  server.off('error', reject);
  return (server.address() as AddressInfo).port;
}
