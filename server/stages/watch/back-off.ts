/** How long to wait after a failure: tiers, but at least five minutes after a refused login, so that no account is locked. */
import type { Clock } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import { waits } from '#base/retry.ts';

const LOGIN_WAIT_MS = 300_000;

/** A failure with the time of the next try. */
export interface Delay {
  waitMs: number;
  /** Epoch milliseconds. */
  retryAt: number;
  /** The failure as it is told: a refused login says when it is tried again. */
  error: GlimpserError;
}

/** The back-off of one source. */
export class BackOff {
  readonly #clock: Clock;
  readonly #random: () => number;
  #waits: Generator<number, never, void>;
  #hold: { delay: Delay; until: number } | undefined;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
    this.#waits = waits({ random });
  }

  /** Counts a failure and says when to try again. */
  after(failure: GlimpserError): Delay {
    const isLogin = failure.code === 'source-refused-login';
    const tierMs = this.#waits.next().value;
    const waitMs = Math.max(tierMs, failure.retryAfterMs ?? 0, isLogin ? LOGIN_WAIT_MS : 0);
    const retryAt = this.#clock.now() + waitMs;
    if (!isLogin) return { waitMs, retryAt, error: failure };
    const delay = { waitMs, retryAt, error: withNextTry(failure, retryAt) };
    this.#hold = { delay, until: this.#clock.monotonic() + waitMs };
    return delay;
  }

  /** What is left of the wait after a refused login. */
  get hold(): Delay | undefined {
    if (!this.#hold) return undefined;
    const waitMs = this.#hold.until - this.#clock.monotonic();
    return waitMs > 0 ? { ...this.#hold.delay, waitMs } : undefined;
  }

  /** Starts the tiers afresh, because a picture came and held. */
  reset(): void {
    this.#waits = waits({ random: this.#random });
  }

  /** Ends the wait after a refused login: somebody asked, or the login was changed. */
  release(): void {
    this.#hold = undefined;
  }
}

function withNextTry(failure: GlimpserError, retryAt: number): GlimpserError {
  const time = new Date(retryAt).toISOString().slice(11, 16);
  return new GlimpserError(
    failure.code,
    `${failure.message} Next try at ${time} UTC, or press Reconnect after correcting it.`,
    { cause: failure, errors: failure.errors, retryAfterMs: LOGIN_WAIT_MS },
  );
}
