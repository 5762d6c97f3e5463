import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Event, eventSchema } from '#server/model/event.ts';
import { PageChangeEvents } from '#server/stages/events/page-changes.ts';
import { aSource, listLog, payloads, recordingBus } from '#test/fakes/watch-bench.ts';

const sourceId = 'door1234';
const BOX = { left: 0, top: 0, width: 8, height: 8 };

function bench(open?: () => Promise<void>) {
  const { bus, told } = recordingBus();
  const logged: string[] = [];
  const rows: Event[] = [];
  const events = new PageChangeEvents({
    ...{ bus, log: listLog(logged) },
    store: { open: open ?? (async event => void rows.push(event)) },
    find: id => (id === sourceId ? aSource({ name: 'News' }) : undefined),
  });
  const change = (share: number, places = 1, id = sourceId) =>
    bus.emit('page.changed', {
      ...{ sourceId: id, at: Date.UTC(2026, 0, 1), share, width: 640, height: 400 },
      boxes: Array.from({ length: places }, () => BOX),
    });
  return { events, told, logged, rows, change };
}

test('a change is one event that is over at once', async () => {
  const { events, told, rows, change } = bench();
  await using _ = events;
  change(0.0234, 3);
  await events.settled();
  const [event = assert.fail()] = rows;
  eventSchema.parse(event);
  assert.deepEqual(
    [event.type, event.openedAt, event.closedAt, event.summary],
    [
      'changed',
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.000Z',
      'News changed: 3 places, 2.3 % of the picture',
    ],
  );
  assert.deepEqual(payloads(told, 'event.opened'), [{ event }]);
});

test('small and large shares are told as people say them', async () => {
  const { events, rows, change } = bench();
  await using _ = events;
  for (const share of [0.0002, 0.001, 0.5, 1]) change(share);
  await events.settled();
  assert.deepEqual(
    rows.map(({ summary }) => summary.split(', ')[1]),
    ['less than 0.1 % of the picture', '0.1 % of the picture', '50 % of the picture', '100 % of the picture'],
  );
});

test('a change that cannot be stored is told all the same; one of a removed page is not', async () => {
  const { events, told, logged, change } = bench(() => Promise.reject(new Error('database is locked')));
  await using _ = events;
  change(0.5);
  change(0.5, 1, 'gone1234');
  await events.settled();
  assert.equal(payloads(told, 'event.opened').length, 1);
  assert.match(logged.join(), /could not be stored/);
});
