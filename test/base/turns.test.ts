import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from '#server/base/turns.ts';
import { settle } from '#test/fakes/clock.ts';

const never = new AbortController().signal;

test('lets so many in, the rest in the order in which they came', async () => {
  const turns = new Turns(2);
  const order: number[] = [];
  const take = async (n: number) => {
    const turn = await turns.take(never);
    order.push(n);
    return turn;
  };
  const first = await take(1);
  const second = await take(2);
  const third = take(3);
  const fourth = take(4);
  await settle();
  assert.deepEqual([order, turns.taken, turns.waiting], [[1, 2], 2, 2]);
  second[Symbol.dispose]();
  second[Symbol.dispose]();
  await third;
  assert.deepEqual([order, turns.taken, turns.waiting], [[1, 2, 3], 2, 1]);
  first[Symbol.dispose]();
  (await fourth)[Symbol.dispose]();
  (await third)[Symbol.dispose]();
  assert.deepEqual([order, turns.taken, turns.waiting], [[1, 2, 3, 4], 0, 0]);
});

test('who gives up waiting leaves the queue', async () => {
  const turns = new Turns(1);
  const held = await turns.take(never);
  const stop = new AbortController();
  const waiting = turns.take(stop.signal);
  const next = turns.take(never);
  stop.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  held[Symbol.dispose]();
  (await next)[Symbol.dispose]();
  assert.equal(turns.taken, 0);
  await assert.rejects(turns.take(stop.signal), { name: 'AbortError' });
});
