/** Slows guessing down: failed logins count per address and name, and per address. */
import type { Clock } from '#base/clock.ts';
import { RateLimit } from '#doors/http/rate-limit.ts';

/** Failures that were not forgotten yet. */
export class LoginLimit {
  readonly #perName: RateLimit;
  readonly #perAddress: RateLimit;

  constructor(clock: Clock) {
    this.#perName = new RateLimit({ burst: 5, perMinute: 1, clock });
    this.#perAddress = new RateLimit({ burst: 20, perMinute: 4, clock });
  }

  /** Throws `too-many-requests` while there were too many failures. */
  check(address: string, name: string): void {
    this.#perAddress.check(address);
    this.#perName.check(key(address, name));
  }

  /** Counts a try before its outcome is known, so that parallel guesses count too. */
  begin(address: string, name: string): void {
    this.check(address, name);
    this.#perAddress.spend(address);
    this.#perName.spend(key(address, name));
  }

  /** Forgets the failures of a name that logged in. */
  succeeded(address: string, name: string): void {
    this.#perName.forgive(key(address, name));
    this.#perAddress.give(address);
  }
}

function key(address: string, name: string): string {
  return `${address} ${name.trim().toLowerCase().slice(0, 100)}`;
}
