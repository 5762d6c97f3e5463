import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restWith, sleepersHint, sleepersOf } from '#ui/app/forms/sleepers.ts';
import { newDraft } from '#ui/app/forms/source-draft.ts';
import type { KindInfo } from '#ui/widgets/shapes.ts';

const WALL: KindInfo = {
  ...{ id: 'wall', title: 'Wall', description: '', family: 'camera', hasVideo: false, schedule: 'live' },
  options: { properties: { sources: { type: 'array', picks: 'sources' } }, required: ['sources'] },
};
const SOURCES = [
  { id: 'a', name: 'Porch', schedule: 'on-demand' },
  { id: 'b', name: 'Yard', schedule: 'live' },
  { id: 'c', name: 'Gate', schedule: 'on-demand' },
];
const empty = newDraft(WALL, 'UTC', '');
const choosing = (...ids: string[]) => ({ ...empty, values: { 'options.sources': ids.join('\n') } });

test('with the first camera that sleeps, its wall sleeps, and who chooses otherwise is not overruled', () => {
  assert.equal(restWith(empty, choosing('b'), WALL, SOURCES).schedule.manner, 'live');
  assert.equal(restWith(choosing('b'), choosing('b', 'a'), WALL, SOURCES).schedule.manner, 'on-demand');
  assert.equal(restWith(choosing('a'), choosing('a', 'c'), WALL, SOURCES).schedule.manner, 'live');
  const every = { ...choosing('a'), schedule: { ...empty.schedule, manner: 'every' as const } };
  assert.equal(restWith(empty, every, WALL, SOURCES).schedule.manner, 'every');
});

test('the hint names who sleeps, and only where the times matter to them', () => {
  const names = sleepersOf(choosing('a', 'b', 'c'), WALL, SOURCES);
  assert.deepEqual(names, ['Porch', 'Gate']);
  assert.match(sleepersHint(names, 'live'), /^“Porch” and “Gate” sleep until.*keeps them awake/);
  assert.match(sleepersHint(['Porch'], 'live'), /^“Porch” sleeps until.*keeps it awake/);
  assert.match(sleepersHint(['Porch'], 'on-demand'), /sleep along/);
  assert.equal(sleepersHint(['Porch'], 'every'), '');
  assert.equal(sleepersHint([], 'live'), '');
});
