import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import { type Event, eventSchema } from '#server/model/event.ts';
import { CameraMotionEvents } from '#server/stages/events/camera-motion.ts';
import { createEvents } from '#server/stages/events/events.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { aSource, listLog, payloads, recordingBus } from '#test/fakes/watch-bench.ts';

const sourceId = 'door1234';

function bench(over: { open?: () => Promise<void> } = {}) {
  const { bus, told } = recordingBus();
  const clock = new FakeClock();
  const logged: string[] = [];
  const rows = new Map<string, Event>();
  const store = {
    open: over.open ?? (async (event: Event) => void rows.set(event.id, event)),
    async close(id: string, closedAt: string) {
      const row = rows.get(id);
      if (row) rows.set(id, { ...row, closedAt });
    },
  };
  const find = (id: string) => (id === sourceId ? aSource() : undefined);
  const events = new CameraMotionEvents({ bus, clock, log: listLog(logged), store, find });
  const trigger = (isOn: boolean, id = sourceId) =>
    bus.emit('source.triggered', { sourceId: id, at: clock.now(), trigger: 'motion', isOn });
  return { bus, told, clock, events, rows, logged, trigger };
}

test('motion is one event, pauses of a few seconds included', async () => {
  const { clock, events, rows, trigger, told } = bench();
  await using _ = events;
  trigger(false);
  trigger(true);
  await clock.advance(3000);
  trigger(false);
  await clock.advance(9000);
  trigger(true);
  trigger(false);
  trigger(false);
  await clock.advance(10_000);
  await events.settled();
  const [event = assert.fail()] = rows.values();
  eventSchema.parse(event);
  assert.equal(rows.size, 1);
  assert.deepEqual(
    [event.type, event.summary, event.closedAt],
    ['camera_motion', 'Front door noticed motion', '2026-01-01T00:00:22.000Z'],
  );
  assert.deepEqual([payloads(told, 'event.opened').length, payloads(told, 'event.closed').length], [1, 1]);
});

test('motion ends with the connection, the source or the hub', async () => {
  for (const end of ['failed', 'stopped', 'removed', 'hub'] as const) {
    const { bus, clock, events, rows, trigger } = bench();
    trigger(true);
    const at = clock.now();
    const error = new GlimpserError('source-silent', 'Silent.');
    if (end === 'failed') bus.emit('source.failed', { sourceId, at, error, retryAt: null });
    if (end === 'stopped') bus.emit('source.stopped', { sourceId, at, reason: 'Off' });
    if (end === 'removed') bus.emit('source.removed', { source: aSource() });
    if (end === 'hub') await events[Symbol.asyncDispose]();
    await clock.advance(10_000);
    await events.settled();
    assert.ok(
      [...rows.values()].every(row => row.closedAt !== null),
      end,
    );
    await events[Symbol.asyncDispose]();
    assert.equal(clock.waiting, 0);
  }
});

test('a source that nobody knows tells nothing; a store that fails is logged and people are told', async () => {
  const { events, told, logged, trigger } = bench({ open: () => Promise.reject(new Error('locked')) });
  await using _ = events;
  trigger(true, 'gone1234');
  trigger(true);
  await events.settled();
  assert.equal(payloads(told, 'event.opened').length, 1);
  assert.deepEqual(logged, ['error: An event could not be stored']);
});

test('after a restart motion that was left open is closed: nobody knows how it went on', async () => {
  const { bus, told } = recordingBus();
  const left: Event = {
    id: 'left',
    sourceId,
    type: 'camera_motion',
    openedAt: '2025-12-31T00:00:00.000Z',
    closedAt: null,
    summary: '',
  };
  const closed: string[] = [];
  const events = createEvents({
    bus,
    clock: new FakeClock(),
    log: listLog([]),
    store: {
      open: async () => undefined,
      close: async id => void closed.push(id),
      list: async () => ({ items: [left], next: null }),
    },
    find: () => aSource(),
    familyOf: () => 'camera',
  });
  await events[Symbol.asyncDispose]();
  assert.deepEqual(closed, ['left']);
  assert.equal(payloads(told, 'event.closed').length, 1);
});
