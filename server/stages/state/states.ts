/** States: signals folded into one state per source; changes that people see are told at once, progress once a second. */
import { isDeepStrictEqual } from 'node:util';
import { type Clock, isoTime } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import type { HubState } from '#model/entity.ts';
import type { StateBook } from '#model/services.ts';
import type { HubBus, MqttState } from '#model/signals.ts';
import type { Source } from '#model/source.ts';
import type { LastSeen, SourceState } from '#model/state.ts';
import { fold, GRACE_MS, type Known, knownAtFirst, type StateSignal } from './fold.ts';

/** What a state is folded from. */
const SIGNALS = [
  'source.started',
  'source.captured',
  'source.measured',
  'source.decoded',
  'source.weighed',
  'source.dropped',
  'source.failed',
  'source.slept',
  'source.stopped',
  'source.triggered',
  'ptz.changed',
] as const;
const PROGRESS_MS = 1000;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** What states need of the hub. */
export interface StateParts {
  bus: HubBus;
  clock: Clock;
  sources: () => readonly Source[];
  /** What the hub says of itself. */
  hub: () => Pick<
    HubState,
    'name' | 'instance' | 'version' | 'startedAt' | 'isPaused' | 'logLevel' | 'logLevelFixedBy'
  >;
  /** Sentences about what is wrong beside settings and MQTT, such as a full disk. */
  problems: () => string[];
  storedBytes: () => number;
  /** What is remembered of sources from before the start. */
  lastSeen?: ReadonlyMap<string, LastSeen>;
  /** Resident memory; the process's own when left out. */
  memoryBytes?: () => number;
}

/** The states of a hub. */
export interface States extends StateBook, Disposable {}

/** Makes the states; listens from now on. */
export function createStates(parts: StateParts): States {
  return new FoldedStates(parts);
}

interface Entry {
  known: Known;
  /** What was told last. */
  told: SourceState;
  toldAt: number;
  progress: Disposable | undefined;
  grace: Disposable | undefined;
}

class FoldedStates implements States {
  readonly #parts: StateParts;
  readonly #entries = new Map<string, Entry>();
  readonly #ears: Disposable[];
  readonly #lastSeen: Map<string, LastSeen>;
  #settingsProblems: string[] = [];
  #mqtt: MqttState;
  #mqttRefusals: string[] = [];

  constructor(parts: StateParts) {
    const { bus, clock } = parts;
    this.#parts = parts;
    this.#lastSeen = new Map(parts.lastSeen);
    const since = isoTime(clock.now());
    this.#mqtt = { status: 'off', reason: 'Not started', broker: null, isBuiltIn: false, since };
    const name = 'state';
    this.#ears = [
      ...SIGNALS.map(signal =>
        bus.on(signal, name, payload => this.#apply(payload.sourceId, { signal, ...payload } as StateSignal)),
      ),
      bus.on('source.removed', name, ({ source }) => {
        this.#lastSeen.delete(source.id);
        this.#forget(source.id);
      }),
      bus.on('settings.refused', name, ({ sentences }) => {
        this.#settingsProblems = sentences;
      }),
      bus.on('settings.changed', name, () => {
        this.#settingsProblems = [];
      }),
      bus.on('mqtt.changed', name, ({ state }) => {
        this.#mqtt = state;
      }),
      bus.on('mqtt.refused', name, ({ sentences }) => {
        this.#mqttRefusals = sentences;
      }),
    ];
  }

  of(sourceId: string): SourceState {
    const entry = this.#entries.get(sourceId) ?? this.#begin(sourceId);
    if (entry) return entry.known.state;
    throw new GlimpserError('not-found', `There is no source “${sourceId.slice(0, 40)}”.`);
  }

  all(): SourceState[] {
    return this.#parts.sources().map(({ id }) => this.of(id));
  }

  hub(): HubState {
    const states = this.all();
    const memoryBytes = this.#parts.memoryBytes?.() ?? process.memoryUsage.rss();
    return {
      ...this.#parts.hub(),
      problems: [...this.#settingsProblems, ...this.#mqttProblems(), ...this.#parts.problems()],
      sourcesOnline: states.filter(state => state.isOnline).length,
      sourcesFailed: states.filter(state => state.status === 'error').length,
      memoryMiB: Math.round(memoryBytes / MIB),
      storageGiB: Number((this.#parts.storedBytes() / GIB).toFixed(3)),
      mqtt: this.#mqtt,
    };
  }

  [Symbol.dispose](): void {
    for (const ear of this.#ears) ear[Symbol.dispose]();
    for (const id of [...this.#entries.keys()]) this.#forget(id);
  }

  #mqttProblems(): string[] {
    const isWrong = this.#mqtt.status === 'error' || this.#mqtt.status === 'offline';
    return isWrong ? [`MQTT: ${this.#mqtt.reason}`] : this.#mqttRefusals;
  }

  #begin(sourceId: string): Entry | undefined {
    const source = this.#parts.sources().find(({ id }) => id === sourceId);
    if (!source) return undefined;
    const first = knownAtFirst(sourceId, source.enabled, this.#parts.clock.now());
    const known = { ...first, state: { ...first.state, ...this.#lastSeen.get(sourceId) } };
    const toldAt = Number.NEGATIVE_INFINITY;
    const entry = { known, told: known.state, toldAt, progress: undefined, grace: undefined };
    this.#entries.set(sourceId, entry);
    return entry;
  }

  #forget(sourceId: string): void {
    const entry = this.#entries.get(sourceId);
    entry?.progress?.[Symbol.dispose]();
    entry?.grace?.[Symbol.dispose]();
    this.#entries.delete(sourceId);
  }

  #apply(sourceId: string, signal: StateSignal): void {
    const entry = this.#entries.get(sourceId) ?? this.#begin(sourceId);
    if (!entry) return;
    entry.known = fold(entry.known, signal);
    this.#watchGrace(sourceId, entry);
    if (isSeen(entry.told, entry.known.state)) this.#tell(entry);
    else this.#tellSoon(entry);
  }

  /** A source that failed once stays online until 10 s after its last picture. */
  #watchGrace(sourceId: string, entry: Entry): void {
    const { state, failedInRow } = entry.known;
    if (failedInRow === 0 || !state.isOnline) {
      entry.grace?.[Symbol.dispose]();
      entry.grace = undefined;
      return;
    }
    const { clock } = this.#parts;
    const ageMs = clock.now() - Date.parse(state.lastFrameAt ?? '');
    const leftMs = Math.min(Math.max(0, GRACE_MS - ageMs), GRACE_MS);
    entry.grace ??= clock.after(leftMs, () => {
      entry.grace = undefined;
      this.#apply(sourceId, { signal: 'grace.passed', at: clock.now() });
    });
  }

  #tellSoon(entry: Entry): void {
    if (entry.progress || isDeepStrictEqual(entry.told, entry.known.state)) return;
    const { clock } = this.#parts;
    const leftMs = entry.toldAt + PROGRESS_MS - clock.monotonic();
    if (leftMs <= 0) this.#tell(entry);
    else entry.progress = clock.after(leftMs, () => this.#tell(entry));
  }

  #tell(entry: Entry): void {
    entry.progress?.[Symbol.dispose]();
    entry.progress = undefined;
    const before = entry.told;
    entry.told = entry.known.state;
    entry.toldAt = this.#parts.clock.monotonic();
    this.#parts.bus.emit('state.changed', { state: entry.told, before });
  }
}

/** True when a change is worth telling at once; the rest is progress. */
function isSeen(before: SourceState, after: SourceState): boolean {
  return (
    before.status !== after.status ||
    before.reason !== after.reason ||
    before.code !== after.code ||
    before.isOnline !== after.isOnline ||
    before.retryAt !== after.retryAt ||
    before.failures !== after.failures ||
    before.triggers.motion !== after.triggers.motion ||
    !isDeepStrictEqual(before.ptz, after.ptz) ||
    (before.frames === 0 && after.frames > 0)
  );
}
