import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Event, eventSchema } from '#server/model/event.ts';
import { initialState, type SourceState } from '#server/model/state.ts';
import { createEvents, type EventStore } from '#server/stages/events/events.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { aSource, listLog, payloads, recordingBus } from '#test/fakes/watch-bench.ts';

/** A store in memory, so that a second hub can be started on it. */
class MemoryEvents implements EventStore {
  readonly rows: Event[] = [];
  isBroken = false;

  async open(event: Event): Promise<void> {
    if (this.isBroken) throw new Error('database is locked');
    this.rows.push(event);
  }

  async close(id: string, closedAt: string): Promise<void> {
    const index = this.rows.findIndex(row => row.id === id && row.closedAt === null);
    const row = this.rows[index];
    if (row) this.rows[index] = { ...row, closedAt };
  }

  async list({ isOpen, limit, cursor = '0' }: { isOpen: boolean; limit: number; cursor?: string }) {
    const open = this.rows.filter(row => (row.closedAt === null) === isOpen);
    const from = Number(cursor);
    const next = from + limit < open.length ? String(from + limit) : null;
    return { items: open.slice(from, from + limit), next };
  }
}

function hub(store: MemoryEvents, sources = [aSource()], clock = new FakeClock()) {
  const { bus, told } = recordingBus();
  const logged: string[] = [];
  const events = createEvents({
    bus,
    clock,
    log: listLog(logged),
    store,
    find: id => sources.find(source => source.id === id),
    familyOf: kind => (kind === 'website' ? 'website' : 'camera'),
  });
  const become = (change: Partial<SourceState>, sourceId = 'door1234') => {
    const state = { ...initialState(sourceId, true, ''), ...change };
    bus.emit('state.changed', { state, before: state });
  };
  return { bus, told, events, clock, logged, become };
}

const types = (store: MemoryEvents) => store.rows.map(row => `${row.type}${row.closedAt ? '' : ' open'}`);

test('a lost camera opens an event, its return closes it and adds another', async () => {
  const store = new MemoryEvents();
  const { events, clock, told, become } = hub(store);
  await using _ = events;
  become({ status: 'ok' });
  become({ status: 'degraded', code: 'source-ended', reason: 'It ended.' });
  await events.settled();
  assert.deepEqual(types(store), [], 'one failed try is no event');
  become({ status: 'error', code: 'source-ended', reason: 'It ended.' });
  become({ status: 'error', code: 'source-silent', reason: 'Silent.' });
  await events.settled();
  assert.deepEqual(types(store), ['source_lost open']);
  assert.equal(store.rows[0]?.summary, 'Front door gives no pictures: It ended.');
  await clock.advance(180_000);
  become({ status: 'ok' });
  await events.settled();
  assert.deepEqual(types(store), ['source_lost', 'source_recovered']);
  assert.equal(store.rows[1]?.summary, 'Front door gives pictures again after 3 min');
  assert.equal(store.rows[1]?.openedAt, store.rows[1]?.closedAt);
  assert.deepEqual(
    told.map(({ signal }) => signal).filter(signal => signal.startsWith('event')),
    ['event.opened', 'event.closed', 'event.opened'],
  );
  for (const row of store.rows) eventSchema.parse(row);
});

test('a page fails with its first load that fails, and when it answers 400 or more', async () => {
  for (const state of [
    { status: 'degraded', code: 'page-failed', reason: 'No answer.' },
    { status: 'degraded', reason: 'The page answered 503', page: { httpStatus: 503 } },
  ] as const) {
    const store = new MemoryEvents();
    const { events, become } = hub(store, [aSource({ kind: 'website' })]);
    await using _ = events;
    become(state);
    become({ status: 'ok', page: { httpStatus: 200 } });
    await events.settled();
    assert.deepEqual(types(store), ['load_failed', 'load_recovered']);
  }
});

test('a restart continues open events instead of doubling them', async () => {
  const store = new MemoryEvents();
  const first = hub(store);
  first.become({ status: 'error', reason: 'Gone.' });
  await first.events[Symbol.asyncDispose]();
  const second = hub(store);
  await using _ = second.events;
  second.become({ status: 'error', reason: 'Still gone.' });
  await second.events.settled();
  assert.deepEqual(types(store), ['source_lost open']);
  second.become({ status: 'ok' });
  await second.events.settled();
  assert.deepEqual(types(store), ['source_lost', 'source_recovered']);
});

test('at a restart what nobody looks at any more is closed, however much it is', async () => {
  const store = new MemoryEvents();
  const rows = Array.from({ length: 450 }, (_, index) => ({
    id: `id${index}`,
    sourceId: `gone${index}`,
    type: 'source_lost' as const,
    openedAt: '2026-01-01T00:00:00.000Z',
    closedAt: null,
    summary: '',
  }));
  store.rows.push(...rows, { ...rows[0], id: 'off', sourceId: 'off12345' } as Event);
  const { events } = hub(store, [aSource({ id: 'off12345', enabled: false })]);
  await using _ = events;
  await events.settled();
  assert.ok(store.rows.every(row => row.closedAt !== null));
});

test('switching off or removing a source closes its event without a recovery', async () => {
  for (const end of ['off', 'removed'] as const) {
    const store = new MemoryEvents();
    const { bus, events, told, become } = hub(store);
    await using _ = events;
    become({ status: 'error', reason: 'Gone.' });
    if (end === 'off') become({ status: 'disabled' });
    else bus.emit('source.removed', { source: aSource() });
    await events.settled();
    assert.deepEqual(types(store), ['source_lost']);
    assert.equal(payloads(told, 'event.closed').length, 1);
  }
});

test('a store that fails is logged, and people are told all the same', async () => {
  const store = new MemoryEvents();
  store.isBroken = true;
  const { events, told, logged, become } = hub(store);
  await using _ = events;
  become({ status: 'error', reason: 'Gone.' });
  await events.settled();
  assert.equal(payloads(told, 'event.opened').length, 1);
  assert.ok(logged.includes('error: An event could not be stored'));
});

test('a failure that nobody expected costs one event and none of the later ones', async () => {
  const store = new MemoryEvents();
  const { open } = store;
  store.open = () => {
    throw new TypeError('a mistake');
  };
  const { events, logged, become } = hub(store, [aSource(), aSource({ id: 'gate1234' })]);
  await using _ = events;
  become({ status: 'error', reason: 'Gone.' });
  await events.settled();
  assert.ok(logged.includes('error: An event could not be followed'));
  store.open = open;
  become({ status: 'error', reason: 'Gone.' }, 'gate1234');
  await events.settled();
  assert.deepEqual(
    store.rows.map(row => row.sourceId),
    ['gate1234'],
  );
});
