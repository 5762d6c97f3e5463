import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Mailbox } from '#server/base/mailbox.ts';

test('only the newest item waits, and the dropped ones are counted', async () => {
  let told = 0;
  const box = new Mailbox<number>(() => void told++);
  for (const item of [1, 2, 3]) box.put(item);
  box.close();
  assert.deepEqual(await Array.fromAsync(box), [3]);
  assert.deepEqual([box.dropped, told], [2, 2]);
});

test('a waiting reader is woken by an item and ended by close', async () => {
  const box = new Mailbox<string>();
  const reading = Array.fromAsync(box);
  await Promise.resolve();
  box.put('a');
  await new Promise(resolve => setImmediate(resolve));
  box.put('b');
  box.close();
  assert.deepEqual(await reading, ['a', 'b']);
});

test('what is put after close is gone', async () => {
  const box = new Mailbox<number>();
  box.close();
  box.put(1);
  assert.deepEqual(await Array.fromAsync(box), []);
  assert.ok(box.isClosed);
});
