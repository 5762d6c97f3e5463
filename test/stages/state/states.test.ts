import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import type { Source } from '#server/model/source.ts';
import { type LastSeen, sourceStateSchema } from '#server/model/state.ts';
import { createStates } from '#server/stages/state/states.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { aSource, payloads, recordingBus } from '#test/fakes/watch-bench.ts';

function bench(sources: Source[] = [aSource()], lastSeen = new Map<string, LastSeen>()) {
  const { bus, told } = recordingBus();
  const clock = new FakeClock();
  const states = createStates({
    bus,
    clock,
    sources: () => sources,
    lastSeen,
    hub: () => ({
      name: 'Home',
      instance: 'abc123',
      version: '1',
      startedAt: 'then',
      isPaused: false,
      logLevel: 'info',
    }),
    problems: () => ['The disk is full.'],
    storedBytes: () => 3 * 1024 ** 3,
    memoryBytes: () => 90 * 1024 ** 2,
  });
  const sourceId = 'door1234';
  return {
    bus,
    clock,
    states,
    sources,
    changes: () => payloads(told, 'state.changed'),
    capture: () =>
      bus.emit('source.captured', { sourceId, at: clock.now(), bytes: 9, width: 64, height: 48 }),
    fail: () =>
      bus.emit('source.failed', {
        sourceId,
        at: clock.now(),
        error: new GlimpserError('source-ended', 'It ended.'),
        retryAt: clock.now() + 60_000,
      }),
  };
}

test('the first picture and what people see are told at once, progress once a second', async () => {
  const { clock, states, changes, capture, fail } = bench();
  using _ = states;
  capture();
  assert.equal(changes().length, 1);
  assert.deepEqual([changes()[0]?.before.status, changes()[0]?.state.status], ['starting', 'ok']);
  for (let i = 0; i < 100; i++) {
    await clock.advance(100);
    capture();
  }
  assert.ok(changes().length >= 10 && changes().length <= 12, `${changes().length}`);
  await clock.advance(1000);
  assert.equal(changes().at(-1)?.state.frames, 101, 'the last progress is not lost');
  const before = changes().length;
  fail();
  assert.equal(changes().length, before + 1);
  assert.equal(changes().at(-1)?.state.status, 'degraded');
  assert.equal(changes().at(-1)?.before.status, 'ok');
  sourceStateSchema.parse(states.of('door1234'));
});

test('what programs take is told when it is news, and not otherwise', async () => {
  const { bus, clock, states, changes } = bench();
  using _ = states;
  const weigh = async (cpuPercent: number) => {
    bus.emit('source.weighed', {
      ...{ sourceId: 'door1234', at: clock.now() },
      programs: { cpuPercent, memoryMiB: 40 },
    });
    await clock.advance(10_000);
  };
  for (const percent of [5, 5.2, 4.9, 5.4]) await weigh(percent);
  assert.equal(changes().length, 1);
  await weigh(9);
  assert.deepEqual([changes().length, changes().at(-1)?.state.programs?.cpuPercent], [2, 9]);
});

test('a source that stays away is offline 10 s after its last picture', async () => {
  const { clock, states, changes, capture, fail } = bench();
  using _ = states;
  capture();
  await clock.advance(5000);
  fail();
  await clock.advance(4999);
  assert.equal(states.of('door1234').isOnline, true);
  await clock.advance(1);
  assert.equal(states.of('door1234').isOnline, false);
  assert.equal(changes().at(-1)?.state.status, 'error');
});

test('a recovery within the grace keeps it online', async () => {
  const { clock, states, changes, capture, fail } = bench();
  using _ = states;
  capture();
  fail();
  await clock.advance(3000);
  capture();
  await clock.advance(20_000);
  assert.equal(states.of('door1234').status, 'ok');
  assert.ok(changes().every(({ state }) => state.isOnline));
  assert.equal(clock.waiting, 0);
});

test('a removed source is forgotten, late signals of it are ignored, unknown ones are refused', () => {
  const { bus, clock, states, sources, changes, capture } = bench();
  using _ = states;
  capture();
  const [source] = sources.splice(0);
  bus.emit('source.removed', { source: source ?? assert.fail() });
  capture();
  assert.equal(changes().length, 1);
  assert.equal(clock.waiting, 0);
  assert.throws(() => states.of('door1234'), { code: 'not-found' });
  assert.deepEqual(states.all(), []);
});

test('the hub: counts, memory, storage, and what is wrong in sentences', () => {
  const { bus, states, capture } = bench([aSource(), aSource({ id: 'off12345', enabled: false })]);
  using _ = states;
  capture();
  bus.emit('settings.refused', { sentences: ['sources.0.name is missing.'] });
  const mqtt = {
    status: 'error',
    reason: 'Refused the password.',
    broker: 'mqtt://x',
    isBuiltIn: false,
    since: '',
  } as const;
  bus.emit('mqtt.changed', { state: mqtt });
  const hub = states.hub();
  assert.deepEqual(
    [hub.sourcesOnline, hub.sourcesFailed, hub.memoryMiB, hub.storageGiB, hub.name],
    [1, 0, 90, 3, 'Home'],
  );
  assert.deepEqual(hub.problems, [
    'sources.0.name is missing.',
    'MQTT: Refused the password.',
    'The disk is full.',
  ]);
  assert.equal(states.of('off12345').status, 'disabled');
  bus.emit('settings.changed', {} as never);
  assert.equal(states.hub().problems.length, 2);
});

test('a disposed book holds no timer and hears nothing', async () => {
  const { clock, states, changes, capture, fail } = bench();
  capture();
  fail();
  states[Symbol.dispose]();
  assert.equal(clock.waiting, 0);
  capture();
  assert.equal(changes().length, 2);
});

test('what was seen before the start is known, and is gone with its source', () => {
  const lastFrameAt = '2025-12-31T23:00:00.000Z';
  const seen = { lastFrameAt, captureMs: 7, width: 64, height: 48, bytes: 9 };
  const { bus, states, sources, fail } = bench([aSource()], new Map([['door1234', seen]]));
  using _ = states;
  const first = states.of('door1234');
  assert.deepEqual([first.status, first.isOnline, first.lastFrameAt], ['starting', false, lastFrameAt]);
  fail();
  assert.deepEqual([states.of('door1234').status, states.of('door1234').lastFrameAt], ['error', lastFrameAt]);
  const [source] = sources;
  bus.emit('source.removed', { source: source ?? assert.fail() });
  assert.equal(states.of('door1234').lastFrameAt, null);
});
