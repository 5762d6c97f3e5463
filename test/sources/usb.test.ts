import assert from 'node:assert/strict';
import { test } from 'node:test';
import usb from '#server/sources/usb.ts';
import { firstOf, sourceContext } from '#test/fakes/source-context.ts';

test('a camera that is not plugged in is said in words', async () => {
  await using run = await sourceContext();
  const options = usb.options.parse({ device: '/dev/video987' });
  await assert.rejects(firstOf(usb.frames(options, run.context), 1), {
    code: 'source-unreachable',
    message: /^Front door: \/dev\/video987 is not there. Plug the camera in/,
  });
});

test('what is asked of the camera is checked where it is written', () => {
  assert.ok(usb.options.safeParse({}).success);
  const asked = { device: '/dev/v4l/by-id/usb-cam-index0', inputFormat: 'mjpeg', size: '1280x720', rate: 30 };
  assert.ok(usb.options.safeParse(asked).success);
  for (const wrong of [{ device: '/dev/sda' }, { size: '1280' }, { inputFormat: 'mp4' }, { rate: 1.5 }])
    assert.equal(usb.options.safeParse(wrong).success, false, JSON.stringify(wrong));
});
