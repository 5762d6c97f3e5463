/** What each entity reads, and what it makes of what people send. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadEntities } from '#server/entities/kind.ts';
import type { EntityValue, HubState, SourceView } from '#server/model/entity.ts';
import { sourceSchema } from '#server/model/source.ts';
import { initialState } from '#server/model/state.ts';
import { REPOSITORY } from '#test/house/repository.ts';

const { hub, camera, website } = await loadEntities(`${REPOSITORY}/server/entities`);
const since = '2026-01-01T00:00:00.000Z';
const view: SourceView = {
  source: sourceSchema.parse({ id: 'door1234', name: 'Door', kind: 'rtsp', schedule: '90s' }),
  hasVideo: true,
  state: {
    ...initialState('door1234', true, since),
    status: 'ok',
    isOnline: true,
    lastFrameAt: since,
    captureMs: 120,
    fps: 12.5,
    bitsPerSecond: 1_234_567,
    programs: { cpuPercent: 3.4, memoryMiB: 41 },
    dropped: { pictures: 5, groups: 6 },
    reconnects: 2,
    page: { httpStatus: 503, title: '😀'.repeat(300), loadMs: 812 },
    triggers: { motion: true },
    ptz: {
      canTurn: true,
      canZoom: true,
      presets: [
        { id: 'a', name: 'Gate' },
        { id: 'b', name: 'Gate' },
      ],
      at: 'b',
    },
  },
};
const hubState: HubState = {
  name: 'Glimpser',
  instance: 'a1b2c3',
  version: '0.1.0',
  startedAt: since,
  isPaused: true,
  logLevel: 'info',
  problems: ['The disk is full.'],
  sourcesOnline: 3,
  sourcesFailed: 1,
  memoryMiB: 91.4,
  storageGiB: 1.234,
  mqtt: { status: 'online', reason: '', broker: null, isBuiltIn: true, since },
};

/** File name of each entity (with - for _) and the value that it reads. */
const OF_HUB: Record<string, EntityValue> = {
  connection: true,
  problem: true,
  version: '0.1.0',
  started: since,
  'sources-online': 3,
  'sources-failed': 1,
  memory: 91,
  storage: 1.23,
  'log-level': 'info',
  paused: true,
  restart: null,
};
const OF_BOTH: Record<string, EntityValue> = {
  connection: true,
  status: 'ok',
  'last-capture': since,
  enabled: true,
  interval: 90,
};
const OF_CAMERA: Record<string, EntityValue> = {
  ...OF_BOTH,
  fps: 12.5,
  'bit-rate': 1235,
  cpu: 3.4,
  memory: 41,
  'dropped-pictures': 5,
  'dropped-groups': 6,
  reconnects: 2,
  camera: since,
  event: null,
  'capture-time': 120,
  snapshot: null,
  reconnect: null,
  'camera-motion': true,
  'ptz-preset': 'Gate (b)',
};
const OF_WEBSITE: Record<string, EntityValue> = {
  ...OF_BOTH,
  screenshot: since,
  camera: since,
  event: null,
  'load-time': 812,
  'http-status': 503,
  title: '😀'.repeat(255),
  refresh: null,
};

const keyed = (values: Record<string, EntityValue>) =>
  Object.fromEntries(Object.entries(values).map(([id, value]) => [id.replaceAll('-', '_'), value]));

test('every entity of the hub reads its value from the state', () => {
  const read = Object.fromEntries([...hub].map(([key, entity]) => [key, entity.read(hubState)]));
  assert.deepEqual(read, keyed(OF_HUB));
});

test('every entity of a camera and of a website reads its value from the state', () => {
  const readAll = (entities: typeof camera) =>
    Object.fromEntries([...entities].map(([key, entity]) => [key, entity.read(view)]));
  assert.deepEqual(readAll(camera), keyed(OF_CAMERA));
  assert.deepEqual(readAll(website), keyed(OF_WEBSITE));
});

test('what people send becomes a command; a wrong value changes nothing', () => {
  assert.deepEqual(camera.get('enabled')?.write?.('OFF', view), {
    do: 'enable',
    sourceId: 'door1234',
    isEnabled: false,
  });
  assert.deepEqual(camera.get('interval')?.write?.('2.5', view), {
    do: 'set-interval',
    sourceId: 'door1234',
    ms: 2500,
  });
  assert.deepEqual(website.get('refresh')?.write?.('PRESS', view), { do: 'capture', sourceId: 'door1234' });
  assert.deepEqual(hub.get('log_level')?.write?.('debug'), { do: 'set-log-level', level: 'debug' });
  assert.throws(() => camera.get('enabled')?.write?.('maybe', view), {
    code: 'body-invalid',
    message: /ON or OFF/,
  });
  assert.throws(() => camera.get('interval')?.write?.('0', view), { code: 'body-invalid' });
  assert.throws(() => camera.get('snapshot')?.write?.('', view), { code: 'body-invalid' });
  assert.throws(() => hub.get('log_level')?.write?.('loud'), { code: 'body-invalid', message: /warning/ });
});

test('the interval is there only for a schedule that is one', () => {
  const live = { ...view, source: { ...view.source, schedule: 'live' } };
  assert.equal(camera.get('interval')?.isFor?.(view), true);
  assert.equal(camera.get('interval')?.isFor?.(live), false);
});

test('a bit rate is there only for kinds that give video, and unknown until it is measured', () => {
  assert.equal(camera.get('bit_rate')?.isFor?.(view), true);
  assert.equal(camera.get('bit_rate')?.isFor?.({ ...view, hasVideo: false }), false);
  const unknown = { ...view, state: initialState('door1234', true, since) };
  for (const key of ['bit_rate', 'cpu', 'memory']) assert.equal(camera.get(key)?.read(unknown), null);
});

test('motion and positions are there only for cameras that have them', () => {
  const plain = { ...view, state: initialState('door1234', true, since) };
  for (const key of ['camera_motion', 'ptz_preset']) {
    assert.equal(camera.get(key)?.isFor?.(view), true);
    assert.equal(camera.get(key)?.isFor?.(plain), false);
  }
});

test('a position is chosen by its name', () => {
  const select = camera.get('ptz_preset');
  assert.deepEqual(select?.optionsOf?.(view), ['Gate', 'Gate (b)']);
  assert.deepEqual(select?.write?.('Gate', view), { do: 'ptz-go', sourceId: 'door1234', preset: 'a' });
  assert.throws(() => select?.write?.('Roof', view), { code: 'body-invalid', message: /Gate, Gate \(b\)/ });
});
