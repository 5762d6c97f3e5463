/** Watches one source: looks by its schedule, waits after failures, and never has two connections at once. */
import { isDeepStrictEqual } from 'node:util';
import { asGlimpserError, type GlimpserError } from '#base/errors.ts';
import type { Interest } from '#base/interest.ts';
import { whileWanted } from '#base/while-wanted.ts';
import type { Frame } from '#model/frame.ts';
import type { Source } from '#model/source.ts';
import type { SourceKind } from '#sources/kind.ts';
import { BackOff } from './back-off.ts';
import { kindOf } from './kind-of.ts';
import { type LookParts, look } from './look.ts';
import { type Plan, planOf } from './plan.ts';
import { LINGER_MS, type Rest, reasonToRest, switchedOff } from './rest.ts';
import { nextTickAt, ticks } from './ticks.ts';
import { Waiters } from './waiters.ts';

/** A latest frame younger than this answers who wants a picture now. */
const FRESH_MS = 1000;

/** What a runner needs of its surroundings. */
export interface RunnerParts extends LookParts {
  kinds: ReadonlyMap<string, SourceKind>;
  random: () => number;
  /** Whatever wakes a source that sleeps until somebody looks. */
  demand: Interest;
  /** Those who want the coded stream, whatever the schedule. */
  holders: Interest;
}

interface Session {
  abort: AbortController;
  done: Promise<void>;
}

/** The one who watches a source. */
export class Runner {
  readonly #parts: RunnerParts;
  readonly #backOff: BackOff;
  readonly #waiters = new Waiters();
  #source: Source;
  /** Why nothing is fetched; undefined while it runs. */
  #offReason: string | undefined = 'Not started';
  #session: Session = { abort: new AbortController(), done: Promise.resolve() };
  #isLooking = false;
  #failedInRow = 0;
  #lookedAt: number | undefined;
  #retryAt: number | undefined;

  constructor(source: Source, parts: RunnerParts) {
    this.#source = source;
    this.#parts = parts;
    this.#backOff = new BackOff(parts.clock, parts.random);
    parts.holders.onChange(() => this.#holdersChanged());
  }

  get source(): Source {
    return this.#source;
  }

  get isOn(): boolean {
    return this.#offReason === undefined;
  }

  /** When the next look is due: after a failure the next try, else by the schedule; null for live or at rest. */
  nextAt(): number | null {
    if (!this.isOn) return null;
    if (this.#retryAt !== undefined) return this.#retryAt;
    const now = this.#parts.clock.now();
    const next = nextTickAt(this.#source.schedule, this.#lookedAt ?? now);
    return next === null ? null : Math.max(next, now);
  }

  /** Takes over what is configured now, and starts, stops or starts afresh where that makes a difference. */
  apply(source: Source, rest: Rest | undefined, delayMs: number): void {
    const before = this.#source;
    this.#source = source;
    const isOther = before.kind !== source.kind || !isDeepStrictEqual(before.options, source.options);
    if (isOther) {
      this.#backOff.reset();
      this.#backOff.release();
      this.#parts.outlet.forget();
    }
    const offReason = reasonToRest(source, rest);
    if (offReason !== undefined) this.#rest(offReason);
    else if (!this.isOn) this.#begin(delayMs);
    else if (isOther || !isDeepStrictEqual(before.schedule, source.schedule)) this.#begin(0);
  }

  /** Ends the connection and starts afresh at once, whatever there was to wait for. */
  restart(): void {
    this.#backOff.release();
    if (this.isOn) this.#begin(0);
  }

  /** Forgets failures; when the next try is waited for, it comes at once. */
  resetBackOff(): void {
    this.#backOff.reset();
    this.#backOff.release();
    if (this.isOn && this.#failedInRow > 0 && !this.#isLooking) this.#begin(0);
  }

  /** A picture now: the latest if it is fresh, else the next of the look that runs, else one look for all who ask. */
  async captureNow(signal?: AbortSignal): Promise<Frame> {
    if (this.#offReason !== undefined) throw switchedOff(this.#source, this.#offReason);
    const fresh = this.#parts.outlet.youngerThan(FRESH_MS);
    if (fresh) return fresh;
    const { hold } = this.#backOff;
    if (hold && !this.#isLooking) throw hold.error;
    using _awake = this.#parts.demand.add();
    const next = this.#waiters.next(signal);
    const isWoken = this.#source.schedule === 'on-demand' && this.#failedInRow === 0;
    if (!this.#isLooking && !isWoken && this.#waiters.count === 1) this.#begin(0);
    return await next;
  }

  /** Ends everything. Resolves when the last connection is closed. */
  async end(): Promise<void> {
    this.#offReason = 'Removed';
    this.#session.abort.abort();
    this.#waiters.refuse(switchedOff(this.#source, this.#offReason));
    await this.#session.done;
  }

  /** A source that is looked at now and then keeps its connection for as long as somebody wants its stream. */
  #holdersChanged(): void {
    const kind = this.#parts.kinds.get(this.#source.kind);
    if (!this.isOn || !kind) return;
    const isAlways = planOf(kind, this.#source.schedule).isContinuous;
    if (!isAlways && kind.hasVideo) this.#begin(0);
  }

  #rest(reason: string): void {
    if (this.#offReason === reason) return;
    this.#offReason = reason;
    this.#failedInRow = 0;
    this.#retryAt = undefined;
    this.#session.abort.abort();
    this.#waiters.refuse(switchedOff(this.#source, reason));
    const { bus, clock } = this.#parts;
    bus.emit('source.stopped', { sourceId: this.#source.id, at: clock.now(), reason });
  }

  #begin(delayMs: number): void {
    this.#offReason = undefined;
    const abort = new AbortController();
    const before = this.#session;
    before.abort.abort();
    const done = before.done.then(() => this.#watch(abort.signal, delayMs));
    this.#session = { abort, done };
  }

  async #watch(signal: AbortSignal, delayMs: number): Promise<void> {
    try {
      await this.#wait(delayMs, signal);
      await this.#sitOutHold(signal);
      const kind = kindOf(this.#parts.kinds, this.#source);
      const plan = planOf(kind, this.#source.schedule, this.#parts.holders.isWanted);
      if (plan.isOnDemand) await this.#lookOnDemand(kind, plan, signal);
      else if (plan.isContinuous) await this.#lookUntilSeen(kind, plan, signal);
      else {
        for await (const _tick of ticks(this.#source.schedule, this.#parts.clock, signal)) {
          await this.#lookUntilSeen(kind, plan, signal);
        }
      }
    } catch (thrown) {
      if (!signal.aborted) this.#giveUp(thrown);
    }
  }

  /** Sleeps while nobody looks. A look that fails is tried again for as long as somebody waits for it. */
  async #lookOnDemand(kind: SourceKind, plan: Plan, signal: AbortSignal): Promise<void> {
    const { bus, clock, demand } = this.#parts;
    while (true) {
      bus.emit('source.slept', { sourceId: this.#source.id, at: clock.now() });
      await demand.wanted(signal);
      const wanting = { wanted: demand, lingerMs: LINGER_MS, clock, signal };
      await whileWanted(wanting, awake => this.#lookUntilSeen(kind, plan, awake));
    }
  }

  /** Continuous looks end only by failing, so that this goes on until the signal fires. */
  async #lookUntilSeen(kind: SourceKind, plan: Plan, signal: AbortSignal): Promise<void> {
    while (true) {
      const failure = await this.#look(kind, plan, signal);
      if (failure) await this.#wait(this.#fail(failure), signal);
      else if (this.#waiters.count === 0) return;
    }
  }

  async #look(kind: SourceKind, plan: Plan, signal: AbortSignal): Promise<GlimpserError | undefined> {
    signal.throwIfAborted();
    this.#isLooking = true;
    this.#lookedAt = this.#parts.clock.now();
    this.#retryAt = undefined;
    try {
      const what = { source: this.#source, kind, plan };
      const outcome = await look(this.#parts, what, signal, frame => this.#seen(frame));
      if (outcome.hasHeld) this.#backOff.reset();
      return outcome.failure;
    } finally {
      this.#isLooking = false;
    }
  }

  #seen(frame: Frame): void {
    if (this.#failedInRow > 0) this.#parts.log.info(`${this.#source.name} sends pictures again`);
    this.#failedInRow = 0;
    this.#backOff.release();
    this.#waiters.serve(frame);
  }

  /** Tells of a failure; answers how long to wait. */
  #fail(failure: GlimpserError): number {
    const { waitMs, retryAt, error } = this.#backOff.after(failure);
    // A camera that is off for a week is one line, not ten thousand.
    this.#parts.log[this.#failedInRow++ === 0 ? 'warning' : 'debug'](error.message, { code: error.code });
    this.#tellFailure(error, retryAt);
    return waitMs;
  }

  /** After a refused login nothing but a changed login or a person shortens the wait. */
  async #sitOutHold(signal: AbortSignal): Promise<void> {
    const { hold } = this.#backOff;
    if (!hold) return;
    this.#tellFailure(hold.error, hold.retryAt);
    await this.#wait(hold.waitMs, signal);
  }

  #tellFailure(error: GlimpserError, retryAt: number | null): void {
    const { bus, clock } = this.#parts;
    this.#retryAt = retryAt ?? undefined;
    bus.emit('source.failed', { sourceId: this.#source.id, at: clock.now(), error, retryAt });
    this.#waiters.refuse(error);
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (ms > 0) await this.#parts.clock.sleep(ms, signal);
  }

  /** What no retry can mend: an unknown kind, a schedule that never comes true. */
  #giveUp(thrown: unknown): void {
    const error = asGlimpserError(thrown);
    const { log, trail } = this.#parts;
    log.error(error.message, { error });
    trail.note(`${error.code}: ${error.message}`);
    this.#tellFailure(error, null);
  }
}
