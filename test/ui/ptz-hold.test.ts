import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hold, type Speed } from '#ui/app/source/ptz-hold.ts';

const RIGHT: Speed = { pan: 1, tilt: 0, zoom: 0 };
const UP: Speed = { pan: 0, tilt: 1, zoom: 0 };

function bench() {
  const orders: string[] = [];
  const waits: Array<{ ms: number; call: () => void; isOff: boolean }> = [];
  const answers: Array<{ resolve: () => void; reject: (thrown: unknown) => void }> = [];
  const hold = new Hold({
    move({ pan, tilt, zoom }, lastsMs) {
      orders.push(`move ${pan} ${tilt} ${zoom} ${lastsMs}`);
      return new Promise<void>((resolve, reject) => answers.push({ resolve, reject }));
    },
    stop: async () => void orders.push('stop'),
    failed: thrown => void orders.push(`failed ${(thrown as Error).message}`),
    later(ms, call) {
      const wait = { ms, call, isOff: false };
      waits.push(wait);
      return () => {
        wait.isOff = true;
      };
    },
  });
  const settle = () => new Promise(resolve => setImmediate(resolve));
  const answer = async () => {
    answers.shift()?.resolve();
    await settle();
  };
  const pass = async () => {
    const wait = waits.find(one => !one.isOff);
    if (wait) {
      wait.isOff = true;
      wait.call();
    }
    await settle();
    return wait?.ms;
  };
  return { hold, orders, answer, answers, pass, settle };
}

test('a held button orders again before the last order runs out, and letting go stops', async () => {
  const { hold, orders, answer, pass } = bench();
  hold.press(RIGHT);
  await answer();
  assert.ok(((await pass()) ?? 0) < 1500);
  await answer();
  hold.release();
  hold.release();
  await pass();
  assert.deepEqual(orders, ['move 1 0 0 1500', 'move 1 0 0 1500', 'stop']);
});

test('a slow camera is not flooded; a changed direction comes next', async () => {
  const { hold, orders, answer, pass } = bench();
  hold.press(RIGHT);
  hold.press(UP);
  assert.deepEqual(orders, ['move 1 0 0 1500']);
  await answer();
  await pass();
  assert.deepEqual(orders, ['move 1 0 0 1500', 'move 0 1 0 1500']);
});

test('an order that fails is said once and ends the hold', async () => {
  const { hold, orders, answers, pass, settle } = bench();
  hold.press(RIGHT);
  answers.shift()?.reject(new Error('away'));
  await settle();
  assert.equal(await pass(), undefined);
  hold.release();
  assert.deepEqual(orders, ['move 1 0 0 1500', 'failed away']);
});
