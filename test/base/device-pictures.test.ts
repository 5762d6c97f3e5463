/** Cameras of this machine: what is coded is handed on, all else is decoded, and recorders are told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { devicePictures } from '#server/base/device-pictures.ts';
import { GlimpserError } from '#server/base/errors.ts';
import type { Ffmpeg } from '#server/base/ffmpeg.ts';
import { Interest } from '#server/base/interest.ts';
import { openMediaPort } from '#server/base/rtsp/media-port.ts';

const files = {
  realpath: async () => '/dev/video0',
  access: async () => undefined,
  isDevice: async () => true,
};

/** What FFmpeg is told, which is not started. */
async function told(inputFormat: string | undefined) {
  await using port = await openMediaPort(systemClock);
  const lines: string[] = [];
  let unfit = 0;
  const ffmpeg: Ffmpeg = {
    ...{ path: '/usr/bin/ffmpeg', version: '7.1' },
    start(args) {
      lines.push(args.join(' '));
      throw new GlimpserError('program-failed', 'Front door: Device or resource busy');
    },
  };
  const run = devicePictures(
    {
      ...{ ffmpeg, name: 'Front door', signal: new AbortController().signal, clock: systemClock },
      ...{ device: '/dev/v4l/by-id/usb-eye-index0', asked: inputFormat === undefined ? {} : { inputFormat } },
      picture: { everyMs: 200, width: 0, quality: 80, decode: 'full' },
      ...{ sound: 'none', stillEveryMs: 10_000, isSingle: false, looking: new Interest() },
      ...{
        note: () => undefined,
        alive: () => undefined,
        measured: () => undefined,
        dropped: () => undefined,
      },
      inlet: {
        publish: () => port.publish(),
        reader: stream => port.reader(stream),
        unfit: () => void unfit++,
      },
    },
    files,
  );
  await assert.rejects(Array.fromAsync(run), {
    message:
      'Front door is used by another program. Close that, or switch off the other source that uses it.',
  });
  return { line: lines.join('\n'), unfit };
}

test('H.264 goes to the port of the hub as it comes, with a still of a key picture now and then', async () => {
  const { line, unfit } = await told('h264');
  assert.match(line, /-skip_frame nokey -f v4l2 -input_format h264 -i \/dev\/video0 .*-c:v copy .*-f rtsp/);
  assert.equal(unfit, 0);
});

for (const format of ['mjpeg', 'yuyv422', undefined]) {
  test(`${format ?? 'what the camera likes'} is decoded, and recorders are told that nothing is handed on`, async () => {
    const { line, unfit } = await told(format);
    assert.match(line, /-f v4l2 .*-i \/dev\/video0 /);
    assert.doesNotMatch(line, /-c:v copy|rtsp|nokey/);
    assert.equal(unfit, 1);
  });
}
