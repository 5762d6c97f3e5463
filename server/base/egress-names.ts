/** Resolves host names for the egress guard, remembering answers for a moment. */
import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import type { Clock } from './clock.ts';
import { GlimpserError } from './errors.ts';

/** Gives every address of a name, as the system's resolver does. */
export type Lookup = (host: string) => Promise<LookupAddress[]>;

/** IPv4 first: few cameras speak IPv6, and those that announce it often do not answer on it. */
export const lookupBySystem: Lookup = host => systemLookup(host, { all: true, order: 'ipv4first' });

const KEEP_MS = 10_000;
const MAX_NAMES = 500;

/** A resolver that asks once for many and keeps good answers for ten seconds. */
export class Names {
  readonly #lookup: Lookup;
  readonly #clock: Clock;
  readonly #answers = new Map<string, { until: number; addresses: Promise<string[]> }>();

  constructor(lookup: Lookup, clock: Clock) {
    this.#lookup = lookup;
    this.#clock = clock;
  }

  /** Every address of a name. Throws `source-unreachable` for a name without one. */
  resolve(host: string): Promise<string[]> {
    const now = this.#clock.monotonic();
    const known = this.#answers.get(host);
    if (known && known.until > now) return known.addresses;
    const addresses = this.#ask(host);
    this.#answers.delete(host);
    this.#answers.set(host, { until: now + KEEP_MS, addresses });
    const oldest = this.#answers.keys().next().value;
    if (this.#answers.size > MAX_NAMES && oldest !== undefined) this.#answers.delete(oldest);
    addresses.catch(() => this.#answers.delete(host));
    return addresses;
  }

  async #ask(host: string): Promise<string[]> {
    const sentence = `“${host}” has no network address. Check how it is spelled, and that the name is known here.`;
    try {
      const found = await this.#lookup(host);
      if (found.length > 0) return found.map(answer => answer.address);
    } catch (cause) {
      throw new GlimpserError('source-unreachable', sentence, { cause });
    }
    throw new GlimpserError('source-unreachable', sentence);
  }
}
