/** Watches over connections that stay open: who loses the right to look is shown out within seconds. */
import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log.ts';

const EVERY_MS = 10_000;

/** A connection that stays open. */
export interface Guest {
  /** False, or a rejection: no longer allowed. */
  isAllowed(): Promise<boolean>;
  /** Ends the connection. */
  end(): void;
}

/** Asks again and again whether guests may stay. */
export class Vigil implements Disposable {
  readonly #guests = new Set<Guest>();
  readonly #clock: Clock;
  readonly #log: Log;
  #tick: Disposable | undefined;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Watches over a guest until disposed. */
  add(guest: Guest): Disposable {
    this.#guests.add(guest);
    if (!this.#tick) this.#wait();
    return { [Symbol.dispose]: () => void this.#guests.delete(guest) };
  }

  /** Ends every guest. */
  [Symbol.dispose](): void {
    this.#tick?.[Symbol.dispose]();
    for (const guest of this.#guests) guest.end();
    this.#guests.clear();
  }

  #wait(): void {
    this.#tick = this.#clock.after(EVERY_MS, () => {
      this.#tick = undefined;
      void this.#askAll().finally(() => {
        if (this.#guests.size > 0 && !this.#tick) this.#wait();
      });
    });
  }

  async #askAll(): Promise<void> {
    for (const guest of [...this.#guests]) {
      const isAllowed = await guest.isAllowed().catch(thrown => {
        this.#log.debug('An open connection lost its right', { error: thrown });
        return false;
      });
      if (isAllowed || !this.#guests.delete(guest)) continue;
      guest.end();
    }
  }
}
