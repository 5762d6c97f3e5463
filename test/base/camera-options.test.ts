import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CameraOptions, cameraShape } from '#server/base/camera-options.ts';

const options: CameraOptions = {
  ...{ fps: 5, stillEvery: '10s', decode: 'full', width: 0, quality: 85, sound: true },
};

test('without an interval the options say how often; an interval of the schedule counts more', () => {
  const live = cameraShape(options, 0);
  assert.deepEqual([live.picture.everyMs, live.stillEveryMs], [200, 10_000]);
  const scheduled = cameraShape(options, 2000);
  assert.deepEqual([scheduled.picture.everyMs, scheduled.stillEveryMs], [2000, 2000]);
});
