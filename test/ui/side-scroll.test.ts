import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moreOf } from '#ui/app/parts/side-scroll.ts';

test('a list says on which side it goes on', () => {
  const at = (scrollLeft: number, scrollWidth = 900) => moreOf({ scrollLeft, scrollWidth, clientWidth: 390 });
  assert.equal(at(0, 390), 'none');
  assert.equal(at(0), 'end');
  assert.equal(at(1), 'end', 'a pixel is no more to see');
  assert.equal(at(200), 'both');
  assert.equal(at(510), 'start');
  assert.equal(at(-200), 'both', 'right to left');
});
