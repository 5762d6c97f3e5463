import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from '#server/base/pace.ts';

/** How many of a thousand arrivals are taken. */
function taken(everyMs: number, arrivalMs: (index: number) => number): number {
  const pace = new Pace(everyMs);
  return Array.from({ length: 1000 }, (_, i) => pace.isDue(arrivalMs(i))).filter(isDue => isDue).length;
}

test('25 a second become 15 a second, without drifting', () => {
  const count = taken(1000 / 15, i => i * 40);
  assert.ok(Math.abs(count - 600) <= 1, `${count} of 600`);
});

test('arrivals at the very pace are all taken, although they jitter', () => {
  assert.equal(
    taken(100, i => i * 100 + (i % 3) * 15),
    1000,
  );
});

test('slower arrivals and no pace at all take everything', () => {
  assert.equal(
    taken(100, i => i * 250),
    1000,
  );
  assert.equal(
    taken(0, () => 0),
    1000,
  );
});

test('after a long pause there is no burst to catch up', () => {
  const pace = new Pace(100);
  pace.isDue(0);
  assert.deepEqual(
    [10_000, 10_010, 10_020, 10_060].map(ms => pace.isDue(ms)),
    [true, false, false, true],
  );
});

test('a long pace is kept almost to the millisecond', () => {
  const pace = new Pace(10_000);
  assert.deepEqual(
    [0, 40, 5000, 9900, 9960].map(ms => pace.isDue(ms)),
    [true, false, false, false, true],
  );
});
