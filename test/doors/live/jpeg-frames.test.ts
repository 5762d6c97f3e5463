/** Live pictures as JPEG: a source that turns to another format is followed, also when that does not work at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bus } from '#server/base/bus.ts';
import { GlimpserError } from '#server/base/errors.ts';
import { silentLog } from '#server/base/log.ts';
import { listenToJpeg, type Shaper } from '#server/doors/live/jpeg-frames.ts';
import type { Frame } from '#server/model/frame.ts';
import type { Signals } from '#server/model/signals.ts';
import { createRenditions } from '#server/stages/watch/rendition.ts';
import { HandWatching } from '#test/fakes/hand-watching.ts';
import { jpeg, png } from '#test/fakes/pictures.ts';
import { until } from '#test/fakes/until.ts';

test('a stream goes on when the maker of JPEG takes no more, and is made as soon as it does', async () => {
  const watching = new HandWatching(new Bus<Signals>(() => undefined));
  const renditions = createRenditions(watching);
  let isFull = true;
  const pictures: Shaper = {
    still: (frame, shape) => renditions.still(frame, shape),
    listen(...given) {
      if (isFull) throw new GlimpserError('too-many-requests', 'Full.');
      return renditions.listen(...given);
    },
  };
  const heard: Frame[] = [];
  const parts = { watching, pictures, log: silentLog };
  const ear = listenToJpeg(parts, 'cam1', {}, frame => void heard.push(frame));
  watching.put('cam1', await png('#ff0000'));
  assert.equal(heard.length, 0);
  const untouched = await jpeg('#00ff00');
  watching.put('cam1', untouched);
  assert.deepEqual(heard[0]?.image, untouched.image, 'JPEG still goes through');
  isFull = false;
  watching.put('cam1', await png('#0000ff'));
  await until('the picture is made', () => heard.length === 2);
  assert.equal(heard[1]?.type, 'image/jpeg');
  assert.equal(watching.listeners('cam1'), 1);
  ear[Symbol.dispose]();
  assert.equal(watching.listeners('cam1'), 0);
});
