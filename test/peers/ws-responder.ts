/** Answers WS-Discovery probes on loopback, well or badly. */
import { createSocket, type RemoteInfo } from 'node:dgram';
import type { AddressInfo } from 'node:net';

/** A running responder. */
export interface WsResponder extends AsyncDisposable {
  port: number;
  /** Probes so far. */
  probes: string[];
}

/** An answer as cameras send it. */
export function probeMatch(addresses: string, scopes = 'onvif://www.onvif.org/name/Front%20door'): string {
  return `<?xml version="1.0"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch><d:Scopes>${scopes}</d:Scopes><d:XAddrs>${addresses}</d:XAddrs></d:ProbeMatch></d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>`;
}

/** Sends every answer to whoever asks. */
export async function startWsResponder(answers: ReadonlyArray<string | Buffer>): Promise<WsResponder> {
  const socket = createSocket('udp4');
  const probes: string[] = [];
  socket.on('message', (message: Buffer, from: RemoteInfo) => {
    probes.push(message.toString());
    for (const answer of answers) socket.send(answer, from.port, from.address);
  });
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve));
  return {
    port: (socket.address() as AddressInfo).port,
    probes,
    [Symbol.asyncDispose]: () => new Promise(resolve => socket.close(() => resolve())),
  };
}
