/** Requests through Home Assistant: a listener of their own, for the Supervisor alone, which has checked the person. */
import type { IncomingMessage } from 'node:http';
import { GlimpserError } from '#base/errors.ts';
import { isLoopback, socketAddress } from './peer.ts';

/** The Supervisor's address in every installation. */
export const SUPERVISOR = '172.30.32.2';

/** Knows which requests came through the ingress listener: by the listener, never by a header. */
export class Ingress {
  readonly #requests = new WeakSet<IncomingMessage>();
  readonly #peer: string;

  constructor(peer = SUPERVISOR) {
    this.#peer = peer;
  }

  /** Lets a request of the ingress listener in. Throws `origin-refused` for any peer but the Supervisor. */
  admit(request: IncomingMessage): void {
    const peer = socketAddress(request);
    if (peer === this.#peer) {
      this.#requests.add(request);
      return;
    }
    if (isLoopback(peer) && request.url === '/healthz') return;
    throw new GlimpserError('origin-refused', 'This port is for Home Assistant alone. Use the other one.');
  }

  /** True for a request that Home Assistant passed on. */
  has(request: IncomingMessage): boolean {
    return this.#requests.has(request);
  }
}
