import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choosersOf } from '#ui/app/forms/source-ticks.ts';
import { deleteWords } from '#ui/app/source/delete-words.ts';

const KINDS = [
  {
    id: 'wall',
    options: { properties: { tiles: { type: 'array', picks: 'sources' }, gap: { type: 'number' } } },
  },
  { id: 'rtsp', options: { properties: { url: { type: 'string' } } } },
];
const source = (id: string, kind: string, options: Record<string, unknown>) => ({
  ...{ id, name: id, kind, options },
});

test('who shows a source is known by the options that pick sources, whatever they are called', () => {
  const sources = [
    source('Porch', 'rtsp', { url: 'Porch' }),
    source('Hall', 'wall', { tiles: ['Porch', 'Yard'] }),
    source('Shop', 'wall', { tiles: ['Yard'] }),
    source('Bare', 'wall', {}),
    source('Odd', 'gone', { tiles: ['Porch'] }),
  ];
  const names = (id: string) => choosersOf(id, sources, KINDS).map(({ name }) => name);
  assert.deepEqual(names('Porch'), ['Hall']);
  assert.deepEqual(names('Yard'), ['Hall', 'Shop']);
});

test('before a source is deleted it is said who shows it', () => {
  assert.doesNotMatch(deleteWords([]), /too: /);
  assert.match(deleteWords(['Hall']), /“Hall” shows it, too: its place there stays empty\. This cannot/);
  assert.match(deleteWords(['Hall', 'Shop']), /“Hall” and “Shop” show it, too: its place there stays empty/);
});
