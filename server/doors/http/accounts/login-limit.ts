/** Slows guessing down: failed logins count per network and name, per network, and per name wherever they come from. */
import type { Clock } from '#base/clock.ts';
import { networkOf } from '#base/egress-addresses.ts';
import { RateLimit } from '#doors/http/rate-limit.ts';

/** How long a name that is guessed at from everywhere keeps everybody waiting, its owner too: never locked out. */
const HAMMERED_MS = 3000;

/** Failures that were not forgotten yet. */
export class LoginLimit {
  readonly #clock: Clock;
  readonly #perPair: RateLimit;
  readonly #perNetwork: RateLimit;
  readonly #perName: RateLimit;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#perPair = new RateLimit({ burst: 5, perMinute: 1, clock });
    this.#perNetwork = new RateLimit({ burst: 20, perMinute: 4, clock });
    this.#perName = new RateLimit({ burst: 10, perMinute: 2, clock });
  }

  /** Counts a try before its outcome is known, so that parallel guesses count too. Throws `too-many-requests`. */
  async begin(address: string, name: string): Promise<void> {
    const { network, known, pair } = keysOf(address, name);
    this.#perNetwork.check(network);
    this.#perPair.check(pair);
    this.#perNetwork.spend(network);
    this.#perPair.spend(pair);
    const isHammered = this.#perName.isEmpty(known);
    this.#perName.spend(known);
    if (isHammered) await this.#clock.sleep(HAMMERED_MS);
  }

  /** Forgets the failures of a name that logged in from there. */
  succeeded(address: string, name: string): void {
    const { network, known, pair } = keysOf(address, name);
    this.#perPair.forgive(pair);
    this.#perNetwork.give(network);
    this.#perName.give(known);
  }
}

function keysOf(address: string, name: string): { network: string; known: string; pair: string } {
  const network = networkOf(address);
  const known = name.trim().toLowerCase().slice(0, 100);
  return { network, known, pair: `${network} ${known}` };
}
