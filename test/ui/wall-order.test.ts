import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edgeSpeed, movedTo, reordered } from '#ui/app/pages/wall-order.ts';

test('one moves, the others keep their order', () => {
  const ids = ['a', 'b', 'c', 'd'];
  assert.deepEqual(movedTo(ids, 'a', 2), ['b', 'c', 'a', 'd']);
  assert.deepEqual(movedTo(ids, 'd', 0), ['d', 'a', 'b', 'c']);
  assert.deepEqual(movedTo(ids, 'a', -1), ids);
  assert.deepEqual(movedTo(ids, 'd', 9), ids);
  assert.deepEqual(movedTo(ids, 'x', 1), ids);
});

test('some that are ordered anew share their places, all others stay', () => {
  const sources = ['a', 'b', 'c', 'd', 'e'].map(id => ({ id }));
  const order = (ids: string[]) =>
    reordered(sources, ids)
      .map(({ id }) => id)
      .join('');
  assert.equal(order(['e', 'c', 'a']), 'ebcda');
  assert.equal(order(['b', 'gone', 'a']), 'bacde', 'one that was deleted meanwhile is left out');
  assert.equal(order([]), 'abcde');
});

test('the page scrolls only near the edges of the window, faster towards them', () => {
  assert.equal(edgeSpeed(450, 900), 0);
  assert.ok(edgeSpeed(5, 900) < edgeSpeed(60, 900) && edgeSpeed(60, 900) < 0);
  assert.ok(edgeSpeed(895, 900) > edgeSpeed(840, 900) && edgeSpeed(840, 900) > 0);
});
