/** Rate limits: a bucket per caller that empties with each request and refills with time. */
import type { Clock } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';

const CALLERS_MAX = 10_000;

/** How much a caller may ask. */
export interface RateLimitOptions {
  /** So many at once. */
  burst: number;
  /** So many a minute after that. */
  perMinute: number;
  clock: Clock;
}

interface Bucket {
  left: number;
  at: number;
}

/** One limit for many callers. */
export class RateLimit {
  readonly #options: RateLimitOptions;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /** Takes one. Throws `too-many-requests` with the time to wait when nothing is left. */
  take(caller: string): void {
    this.check(caller);
    this.spend(caller);
  }

  /** Throws when nothing is left, without taking. */
  check(caller: string): void {
    const { left } = this.#read(caller);
    if (left >= 1) return;
    const retryAfterMs = Math.ceil(((1 - left) * 60_000) / this.#options.perMinute);
    const seconds = Math.ceil(retryAfterMs / 1000);
    throw new GlimpserError('too-many-requests', `Too many requests. Try again in ${seconds} s.`, {
      retryAfterMs,
    });
  }

  /** True when nothing is left. */
  isEmpty(caller: string): boolean {
    return this.#read(caller).left < 1;
  }

  /** Takes one without asking. */
  spend(caller: string): void {
    const bucket = this.#read(caller);
    this.#buckets.delete(caller);
    this.#buckets.set(caller, { ...bucket, left: Math.max(0, bucket.left - 1) });
    if (this.#buckets.size > CALLERS_MAX) this.#dropOldest();
  }

  /** Gives one back. */
  give(caller: string): void {
    const bucket = this.#read(caller);
    this.#buckets.set(caller, { ...bucket, left: Math.min(this.#options.burst, bucket.left + 1) });
  }

  /** Forgets a caller. */
  forgive(caller: string): void {
    this.#buckets.delete(caller);
  }

  #read(caller: string): Bucket {
    const { burst, perMinute, clock } = this.#options;
    const now = clock.monotonic();
    const { left, at } = this.#buckets.get(caller) ?? { left: burst, at: now };
    return { left: Math.min(burst, left + ((now - at) * perMinute) / 60_000), at: now };
  }

  /** The map keeps the order of use. */
  #dropOldest(): void {
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
