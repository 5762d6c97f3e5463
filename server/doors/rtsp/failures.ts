/** Slows down who guesses passwords: after a wrong one, all further tries from an address wait their turn. */
import type { Clock } from '#base/clock.ts';
import { networkOf } from '#base/egress-addresses.ts';

const FIRST_MS = 250;
const MAX_MS = 2000;
const MAX_WAIT_MS = 20_000;
const FORGET_MS = 600_000;
const MAX_ADDRESSES = 10_000;

interface Fault {
  failures: number;
  /** When the next try may be looked at. */
  freeMs: number;
}

/** Failures by address. */
export class Failures {
  readonly #clock: Clock;
  readonly #byAddress = new Map<string, Fault>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits for the turn of a try; false when too many wait already. */
  async turn(address: string, signal: AbortSignal): Promise<boolean> {
    const record = this.#find(address);
    if (!record) return true;
    const nowMs = this.#clock.monotonic();
    const waitMs = Math.max(0, record.freeMs - nowMs);
    if (waitMs > MAX_WAIT_MS) return false;
    record.freeMs = nowMs + waitMs + delayOf(record.failures);
    await this.#clock.sleep(waitMs, signal);
    return true;
  }

  /** Remembers a wrong password, and waits before it is said. */
  async failed(address: string, signal: AbortSignal): Promise<void> {
    const key = networkOf(address);
    const failures = (this.#find(address)?.failures ?? 0) + 1;
    const delayMs = delayOf(failures);
    const nowMs = this.#clock.monotonic();
    const freeMs = Math.max(this.#byAddress.get(key)?.freeMs ?? 0, nowMs + delayMs);
    // Set anew, so that the oldest stands first.
    this.#byAddress.delete(key);
    this.#byAddress.set(key, { failures, freeMs });
    const [oldest] = this.#byAddress.keys();
    if (this.#byAddress.size > MAX_ADDRESSES && oldest !== undefined) this.#byAddress.delete(oldest);
    await this.#clock.sleep(delayMs, signal);
  }

  /** Forgets an address that has proven itself: a recorder with one wrong camera must not slow down its others. */
  succeeded(address: string): void {
    this.#byAddress.delete(networkOf(address));
  }

  #find(address: string): Fault | undefined {
    const record = this.#byAddress.get(networkOf(address));
    if (!record || this.#clock.monotonic() - record.freeMs < FORGET_MS) return record;
    this.#byAddress.delete(networkOf(address));
    return undefined;
  }
}

function delayOf(failures: number): number {
  return Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
}
