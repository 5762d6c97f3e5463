/** Figures for Prometheus, read from the hub at the moment they are asked for. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { SourceState } from '#model/state.ts';
import type { Inside } from './inside.ts';

/** What figures are read from. */
export type MetricsParts = Pick<
  Inside,
  'version' | 'sources' | 'states' | 'watching' | 'mjpeg' | 'live' | 'files'
>;

/** How closely the event loop is watched; closer would cost more than it tells. */
const LOOP_MS = 100;

type Labels = Record<string, string>;

/** Makes the reader of figures: Prometheus text. */
export function createMetrics(parts: MetricsParts): () => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_MS });
  addHub(registry, parts);
  addSources(registry, parts);
  return () => registry.metrics();
}

function addHub(registry: Registry, { version, states, live, files }: MetricsParts): void {
  const gauge = maker(registry);
  gauge('glimpser_info', 'The running version', ['version'], set => set({ version }, 1));
  gauge('glimpser_problems', 'What is wrong with the hub now', [], set =>
    set({}, states.hub().problems.length),
  );
  gauge('glimpser_paused', '1 while nothing is looked at', [], set => set({}, Number(states.hub().isPaused)));
  gauge('glimpser_mqtt_online', '1 while the broker is connected', [], set =>
    set({}, Number(states.hub().mqtt.status === 'online')),
  );
  gauge('glimpser_live_listeners', 'Connections that are told of changes', [], set =>
    set({}, live.listeners),
  );
  gauge('glimpser_captures_bytes', 'Kept pictures on disk', [], set => set({}, files.storedBytes()));
}

type Row = [name: string, help: string, read: (sourceId: string) => number | null];

function addSources(registry: Registry, { sources, states, watching, mjpeg }: MetricsParts): void {
  const gauges: Row[] = [
    ['online', '1 while pictures come', id => Number(states.of(id).isOnline)],
    ['fps', 'Pictures a second', id => states.of(id).fps],
    ['bits_per_second', 'Rate of the coded stream', id => states.of(id).bitsPerSecond],
    ['programs_cpu_cores', 'Processor time of its programs, 1 is a whole core', id => coresOf(states.of(id))],
    ['programs_memory_bytes', 'Memory of its programs', id => memoryOf(states.of(id))],
    ['capture_seconds', 'How long the last picture took', id => seconds(states.of(id).captureMs)],
    ['viewers', 'Who looks now', id => watching.viewers(id)],
  ];
  const counters: Row[] = [
    ['frames_total', 'Pictures that came', id => states.of(id).frames],
    ['reconnects_total', 'Connections after the first', id => states.of(id).reconnects],
    ['failures_total', 'Tries that failed', id => states.of(id).failures],
    [
      'dropped_pictures_total',
      'Pictures that this machine was too slow for',
      id => states.of(id).dropped.pictures,
    ],
    [
      'dropped_groups_total',
      'Times that a slow player lost a group of pictures',
      id => states.of(id).dropped.groups,
    ],
    ['mjpeg_sent_total', 'Pictures sent to viewers', id => mjpeg.figures(id).sent],
    ['mjpeg_dropped_total', 'Pictures that slow viewers did not get', id => mjpeg.figures(id).dropped],
  ];
  const add = (rows: Row[], Figure: typeof Gauge | typeof Counter) => {
    const make = maker(registry, Figure);
    for (const [name, help, read] of rows) {
      make(`glimpser_source_${name}`, help, ['source', 'name'], set => {
        for (const { id, name } of sources.list()) {
          const value = read(id);
          if (value !== null) set({ source: id, name }, value);
        }
      });
    }
  };
  add(gauges, Gauge);
  add(counters, Counter);
}

type Collect = (set: (labels: Labels, value: number) => void) => void;

/** Sources come and go, so every figure is written anew each time. */
function maker(registry: Registry, Figure: typeof Gauge | typeof Counter = Gauge) {
  return (name: string, help: string, labelNames: string[], collect: Collect) => {
    const figure = new Figure({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        figure.reset();
        collect((labels, value) => figure.inc(labels, value));
      },
    });
  };
}

function coresOf({ programs }: SourceState): number | null {
  return programs && programs.cpuPercent / 100;
}

function memoryOf({ programs }: SourceState): number | null {
  return programs && programs.memoryMiB * 1024 ** 2;
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
