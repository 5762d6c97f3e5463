import assert from 'node:assert/strict';
import { test } from 'node:test';
import kind from '#server/sources/test.ts';
import { firstOf, sourceContext } from '#test/fakes/source-context.ts';

test('test pictures come in the asked size until the run is stopped', async () => {
  await using run = await sourceContext();
  const options = kind.options.parse({ width: 320, height: 180, fps: 10 });
  const pictures = await firstOf(kind.frames(options, run.context), 3);
  for (const { width, height, type } of pictures)
    assert.deepEqual([width, height, type], [320, 180, 'image/jpeg']);
  assert.notDeepEqual(pictures[0]?.image, pictures[2]?.image);
});

test('aborting ends the run without an error', async () => {
  await using run = await sourceContext();
  const frames = kind
    .frames(kind.options.parse({ width: 64, height: 64 }), run.context)
    [Symbol.asyncIterator]();
  assert.equal((await frames.next()).done, false);
  run.stop();
  let last = await frames.next();
  while (!last.done) last = await frames.next();
  assert.equal(last.done, true);
});
