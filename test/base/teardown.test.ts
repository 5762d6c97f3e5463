import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Teardown } from '#server/base/teardown.ts';

test('steps run backwards, every one, and failures are reported together', async () => {
  const ran: string[] = [];
  const teardown = new Teardown();
  teardown.add('first', () => ran.push('first'));
  teardown.add('broken', () => {
    throw new Error('stuck');
  });
  teardown.use('last', { [Symbol.asyncDispose]: async () => void ran.push('last') });
  await assert.rejects(teardown.run(), /Stopping “broken” failed/);
  assert.deepEqual(ran, ['last', 'first']);
  await teardown.run();
  assert.equal(ran.length, 2);
});
