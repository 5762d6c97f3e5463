import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waits } from '#server/base/retry.ts';

test('waits go 1 s five times, 5 s five times, 10 s ten times, then 60 s', () => {
  const list = waits({ jitter: 0 }).take(24).toArray();
  const expected = [
    ...Array(5).fill(1000),
    ...Array(5).fill(5000),
    ...Array(10).fill(10_000),
    ...Array(4).fill(60_000),
  ];
  assert.deepEqual(list, expected);
});

test('jitter moves a wait by its share at most, both ways', () => {
  assert.equal(waits({ jitter: 0.2, random: () => 0 }).next().value, 800);
  assert.equal(waits({ jitter: 0.2, random: () => 1 }).next().value, 1200);
});
