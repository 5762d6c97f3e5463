/** Watching: one runner per source, the newest frames in memory, and everybody who looks at them. */
import type { Clock } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import type { Inlet } from '#base/inlet.ts';
import { Interest } from '#base/interest.ts';
import type { Log } from '#base/log.ts';
import type { Frame } from '#model/frame.ts';
import type { DryRun, Watching } from '#model/services.ts';
import type { HubBus } from '#model/signals.ts';
import type { Source } from '#model/source.ts';
import type { Attempt } from '#model/state.ts';
import type { SourceKind } from '#sources/kind.ts';
import { Outlet } from './outlet.ts';
import type { Rest } from './rest.ts';
import type { Tools } from './run.ts';
import { Runner } from './runner.ts';
import { Trail } from './trail.ts';
import { tryOut } from './try-out.ts';

/** Starts that follow one another this closely are spread over as long. */
const STAGGER_MS = 1000;
const TRY_OUTS = 8;

/** What watching needs of the hub. */
export interface WatchParts {
  bus: HubBus;
  clock: Clock;
  log: Log;
  kinds: ReadonlyMap<string, SourceKind>;
  tools: Tools;
  /** Whether all captures are paused when watching begins; later by `setPaused`. */
  isPaused: () => boolean;
  /** Whether the hub runs in safe mode when watching begins; later by `setSafe`. */
  isSafe?: () => boolean;
  random?: () => number;
  /** Where the coded stream of a source is handed over; without it none is. */
  inlet?: (sourceId: string) => Inlet;
}

/** Watching as the hub steers it. */
export interface Watch extends Watching, AsyncDisposable {
  /** Begins with a source; the first look comes at once, or within a second when many start together. */
  start(source: Source): void;
  /** Takes over a changed source; the connection is kept when nothing that concerns it changed. */
  update(source: Source): void;
  /** Ends a source and forgets all about it. Resolves when its connection is closed. */
  stop(sourceId: string): Promise<void>;
  setPaused(isPaused: boolean): void;
  setSafe(isSafe: boolean): void;
  /** Forgets what a source shows, which may not be shown any more, and starts it afresh. */
  retake(sourceId: string): void;
  /** When the next look is due: the next try after a failure, else by the schedule; null for live or nothing. */
  nextAt(sourceId: string): number | null;
}

interface Watched {
  runner: Runner;
  trail: Trail;
  holders: Interest;
}

/** Makes the one watch of a hub. */
export function createWatch(parts: WatchParts): Watch {
  return new SourceWatch(parts);
}

class SourceWatch implements Watch {
  readonly #parts: WatchParts;
  readonly #log: Log;
  readonly #random: () => number;
  readonly #watched = new Map<string, Watched>();
  readonly #outlets = new Map<string, Outlet>();
  #isPaused: boolean;
  #isSafe: boolean;
  #lastStartAt = Number.NEGATIVE_INFINITY;
  #tryOuts = 0;

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#log = parts.log.part('watch');
    this.#random = parts.random ?? Math.random;
    this.#isPaused = parts.isPaused();
    this.#isSafe = parts.isSafe?.() ?? false;
  }

  start(source: Source): void {
    const watched = this.#watched.get(source.id) ?? this.#watch(source);
    watched.runner.apply(source, this.#rest, this.#stagger());
  }

  update(source: Source): void {
    this.start(source);
  }

  async stop(sourceId: string): Promise<void> {
    const watched = this.#watched.get(sourceId);
    this.#watched.delete(sourceId);
    this.#outlets.get(sourceId)?.close();
    this.#outlets.delete(sourceId);
    await watched?.runner.end();
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#applyAll();
  }

  setSafe(isSafe: boolean): void {
    this.#isSafe = isSafe;
    this.#applyAll();
  }

  latest(sourceId: string): Frame | undefined {
    return this.#outlets.get(sourceId)?.latest;
  }

  take(sourceId: string, { isViewer }: { isViewer: boolean }): AsyncIterable<Frame> & Disposable {
    return this.#outlet(sourceId).take(isViewer);
  }

  listen(sourceId: string, call: (frame: Frame) => void, { isViewer }: { isViewer: boolean }): Disposable {
    return this.#outlet(sourceId).listen(call, isViewer);
  }

  viewers(sourceId: string): number {
    return this.#outlets.get(sourceId)?.viewers ?? 0;
  }

  hold(sourceId: string): Disposable {
    return this.#watchedOf(sourceId).holders.add();
  }

  async captureNow(sourceId: string, signal?: AbortSignal): Promise<Frame> {
    return this.#runner(sourceId).captureNow(signal);
  }

  restart(sourceId: string): void {
    this.#runner(sourceId).restart();
  }

  retake(sourceId: string): void {
    this.#outlets.get(sourceId)?.forget();
    this.#runner(sourceId).restart();
  }

  resetBackOff(sourceId: string): void {
    this.#runner(sourceId).resetBackOff();
  }

  attempts(sourceId: string): Attempt[] {
    return this.#watched.get(sourceId)?.trail.attempts ?? [];
  }

  logOf(sourceId: string): string[] {
    return this.#watched.get(sourceId)?.trail.lines ?? [];
  }

  nextAt(sourceId: string): number | null {
    return this.#watched.get(sourceId)?.runner.nextAt() ?? null;
  }

  async tryOut(source: Source, signal?: AbortSignal): Promise<DryRun> {
    if (this.#tryOuts >= TRY_OUTS) {
      const sentence = `${TRY_OUTS} sources are being tried out already. Wait for one of them to end.`;
      throw new GlimpserError('too-many-requests', sentence, { retryAfterMs: 10_000 });
    }
    this.#tryOuts++;
    try {
      const { kinds, tools, clock } = this.#parts;
      return await tryOut(source, { kinds, tools, clock, log: this.#log }, signal);
    } finally {
      this.#tryOuts--;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#watched.keys()].map(id => this.stop(id)));
    for (const outlet of this.#outlets.values()) outlet.close();
    this.#outlets.clear();
  }

  get #rest(): Rest | undefined {
    if (this.#isSafe) return 'safe';
    return this.#isPaused ? 'paused' : undefined;
  }

  #applyAll(): void {
    for (const { runner } of this.#watched.values()) {
      runner.apply(runner.source, this.#rest, this.#stagger());
    }
  }

  #watch(source: Source): Watched {
    const { bus, clock, kinds, tools } = this.#parts;
    const trail = new Trail(clock);
    const outlet = this.#outlet(source.id);
    const random = this.#random;
    const holders = new Interest(outlet.demand);
    const inlet = this.#parts.inlet?.(source.id);
    const its = { outlet, trail, inlet, demand: outlet.demand, holders };
    const log = this.#log;
    const runner = new Runner(source, { bus, clock, log, kinds, tools, random, ...its });
    const watched = { runner, trail, holders };
    this.#watched.set(source.id, watched);
    return watched;
  }

  #outlet(sourceId: string): Outlet {
    const known = this.#outlets.get(sourceId);
    if (known) return known;
    const { bus, clock } = this.#parts;
    const onIdle = () => {
      if (!this.#watched.has(sourceId)) this.#outlets.delete(sourceId);
    };
    const outlet = new Outlet(sourceId, { bus, clock, log: this.#log, onIdle });
    this.#outlets.set(sourceId, outlet);
    return outlet;
  }

  #runner(sourceId: string): Runner {
    return this.#watchedOf(sourceId).runner;
  }

  #watchedOf(sourceId: string): Watched {
    const watched = this.#watched.get(sourceId);
    if (watched) return watched;
    throw new GlimpserError('not-found', `There is no source “${sourceId.slice(0, 40)}”.`);
  }

  #stagger(): number {
    const now = this.#parts.clock.monotonic();
    const isAlone = now - this.#lastStartAt >= STAGGER_MS;
    this.#lastStartAt = now;
    return isAlone ? 0 : this.#random() * STAGGER_MS;
  }
}
