/** Walls forget their picture when what hangs on them is hidden or shown again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bus } from '#server/base/bus.ts';
import type { HubBus } from '#server/model/signals.ts';
import type { Source } from '#server/model/source.ts';
import { followHiddenTiles } from '#server/wiring/hidden-tiles.ts';
import { aSource } from '#test/fakes/watch-bench.ts';

const door = aSource({ id: 'door1234' });
const wall = aSource({ id: 'wall1234', kind: 'wall', options: { sources: ['door1234', 'yard1234'] } });
const other = aSource({ id: 'wall5678', kind: 'wall', options: { sources: ['yard1234'] } });

test('a wall is drawn anew when a tile, or the wall itself, is hidden or shown; nothing else', () => {
  const bus: HubBus = new Bus(() => assert.fail('a listener failed'));
  const retaken: string[] = [];
  using _ear = followHiddenTiles({
    bus,
    sources: () => [door, wall, other, aSource({ id: 'gone1234', kind: 'gone' })],
    kinds: {
      find: id => (id === 'gone' ? undefined : ({} as never)),
      sourcesNamedBy: kind => (kind === 'wall' ? ['sources'] : []),
    },
    watch: { retake: id => void retaken.push(id) },
  });
  const hide = (source: Source) => ({ ...source, privacy: { ...source.privacy, hidden: true } });
  bus.emit('source.changed', { source: { ...door, name: 'Other' }, before: door });
  assert.deepEqual(retaken, []);
  bus.emit('source.changed', { source: hide(door), before: door });
  assert.deepEqual(retaken.splice(0), ['wall1234']);
  bus.emit('source.changed', { source: wall, before: hide(wall) });
  assert.deepEqual(retaken.splice(0), ['wall1234']);
});
