/** Failed logins for the audit: told at the first, the tenth, the hundredth, so that guessing pushes nothing else out. */
import type { Clock } from '#base/clock.ts';
import { networkOf } from '#base/egress-addresses.ts';
import { RateLimit } from '#doors/http/rate-limit.ts';

const FORGET_MS = 3_600_000;
const REMEMBERED = 1000;

/** What failed in the last hour. */
export class FailedLogins {
  readonly #clock: Clock;
  /** Lines in all, for guessing from many places and by many names. */
  readonly #lines: RateLimit;
  readonly #tries = new Map<string, { count: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lines = new RateLimit({ burst: 60, perMinute: 1, clock });
  }

  /** Counts one; answers the line to write, or undefined for none. */
  lineFor(address: string, name: string): string | undefined {
    const count = this.#count(`${networkOf(address)} ${name.toLowerCase()}`);
    if (!/^10*$/.test(String(count)) || this.#lines.isEmpty('all')) return undefined;
    this.#lines.spend('all');
    const tries = count === 1 ? '' : `, ${count} tries`;
    return `as “${name}” from ${address}${tries}`;
  }

  #count(key: string): number {
    const at = this.#clock.monotonic();
    const known = this.#tries.get(key);
    const count = known && at - known.at < FORGET_MS ? known.count + 1 : 1;
    this.#tries.delete(key);
    this.#tries.set(key, { count, at });
    const [oldest] = this.#tries.keys();
    if (this.#tries.size > REMEMBERED && oldest !== undefined) this.#tries.delete(oldest);
    return count;
  }
}
