/** What is kept for takers who come later. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveStream } from '#server/base/rtp/live-stream.ts';
import { H264_TRACK } from '#test/fakes/rtsp-world.ts';

test('a key picture in several units is kept from its first one on', () => {
  const stream = new LiveStream([H264_TRACK]);
  const times: number[] = [];
  const unit = (rtpTime: number, isKey: boolean) => ({ track: 0, packets: [], rtpTime, isKey, atMs: 0 });
  for (const one of [
    unit(9000, true),
    unit(18_000, false),
    unit(27_000, true),
    unit(27_001, true),
    unit(36_000, false),
  ])
    stream.push(one);
  stream.take({ unit: ({ rtpTime }) => void times.push(rtpTime), end: () => undefined });
  assert.deepEqual(times, [27_000, 27_001, 36_000]);
});
