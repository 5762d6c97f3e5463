/** A watch with a clock that stands still, driven kinds and a record of what was told. */
import { Bus } from '#server/base/bus.ts';
import { type Log, silentLog } from '#server/base/log.ts';
import type { HubBus, Signals } from '#server/model/signals.ts';
import { type Source, sourceSchema } from '#server/model/source.ts';
import type { SourceKind } from '#server/sources/kind.ts';
import type { Tools } from '#server/stages/watch/run.ts';
import { createWatch, type Watch } from '#server/stages/watch/watch.ts';
import { FakeClock } from './clock.ts';
import { drivenKind } from './driven-kind.ts';

/** What was told on the bus, in order. */
export type Told = { [Name in keyof Signals]: { signal: Name; payload: Signals[Name] } }[keyof Signals];

/** A bus that remembers everything and fails the test when a listener throws. */
export function recordingBus(): { bus: HubBus; told: Told[] } {
  const told: Told[] = [];
  const bus: HubBus = new Bus<Signals>((listener, signal, thrown) => {
    throw new Error(`${listener} threw at ${signal}`, { cause: thrown });
  });
  bus.onAny('record', entry => void told.push(entry as Told));
  return { bus, told };
}

/** Payloads of one signal, in order. */
export function payloads<Name extends keyof Signals>(told: Told[], signal: Name): Array<Signals[Name]> {
  return told.filter(entry => entry.signal === signal).map(entry => entry.payload as Signals[Name]);
}

/** A checked source. */
export function aSource(over: Partial<Source> = {}): Source {
  return sourceSchema.parse({
    id: 'door1234',
    name: 'Front door',
    kind: 'driven',
    schedule: 'live',
    ...over,
  });
}

/** Everything that a test of watching needs. */
export interface WatchBench extends ReturnType<typeof drivenKind> {
  watch: Watch;
  clock: FakeClock;
  bus: HubBus;
  told: Told[];
  logged: string[];
}

/** Sets the bench up; `using` the watch is up to the test. */
export function watchBench(
  drive: Parameters<typeof drivenKind>[0] = {},
  over: { random?: () => number; isPaused?: boolean } = {},
): WatchBench {
  const { bus, told } = recordingBus();
  const clock = new FakeClock();
  const driven = drivenKind(drive);
  const logged: string[] = [];
  const watch = createWatch({
    bus,
    clock,
    log: listLog(logged),
    kinds: new Map<string, SourceKind>([['driven', driven.kind]]),
    tools: {
      picturesFor: () => undefined,
      programsFor: () => undefined,
      decodingFor: () => undefined,
    } as unknown as Tools,
    isPaused: () => over.isPaused ?? false,
    random: over.random ?? (() => 0.5),
  });
  return { watch, clock, bus, told, logged, ...driven };
}

/** A log that is a list of `level: message`. */
export function listLog(lines: string[]): Log {
  const at = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  const log: Log = {
    ...silentLog,
    info: at('info'),
    warning: at('warning'),
    error: at('error'),
    part: () => log,
  };
  return log;
}
