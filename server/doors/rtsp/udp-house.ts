/** The UDP ports of the door: one pair for each address family, opened when the first player asks for UDP. */
import { isIPv4, isIPv6 } from 'node:net';
import type { Clock } from '#base/clock.ts';
import { UdpPorts } from '#base/rtsp/udp-ports.ts';

/** The pairs. */
export class UdpHouse implements AsyncDisposable {
  readonly #host: string;
  readonly #clock: Clock;
  readonly #open = new Map<string, Promise<UdpPorts>>();

  constructor(host: string, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
  }

  /** The ports from which packets go to an address. Throws `port-in-use`. */
  portsFor(address: string): Promise<UdpPorts> {
    const host = this.#hostFor(address);
    const open = this.#open.get(host) ?? UdpPorts.open(host, this.#clock);
    this.#open.set(host, open);
    open.catch(() => this.#open.delete(host));
    return open;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const ports of await Promise.allSettled(this.#open.values())) {
      if (ports.status === 'fulfilled') ports.value[Symbol.dispose]();
    }
    this.#open.clear();
  }

  /** The address that the door listens on, or any of the family of the player. */
  #hostFor(address: string): string {
    const family = isIPv6(address) ? isIPv6 : isIPv4;
    if (family(this.#host)) return this.#host;
    return isIPv6(address) ? '::' : '0.0.0.0';
  }
}
