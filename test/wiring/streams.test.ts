/** Streams as the hub has them: who encodes is counted to the source, and what is left out is told of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '#server/base/log.ts';
import { LiveStream } from '#server/base/rtp/live-stream.ts';
import type { MediaPort } from '#server/base/rtsp/media-port.ts';
import { Teardown } from '#server/base/teardown.ts';
import type { Ground } from '#server/wiring/ground.ts';
import { openStreams, type Pictures } from '#server/wiring/streams.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { fakeFfmpeg } from '#test/fakes/fake-program.ts';
import { aSource, payloads, recordingBus } from '#test/fakes/watch-bench.ts';

test('a source without video is encoded by programs of its own; what its player loses is told', async t => {
  const { bus, told } = recordingBus();
  const ffmpeg = await fakeFfmpeg(t, 'exec sleep 1000');
  const teardown = new Teardown();
  t.after(() => teardown.run());
  const asked: string[] = [];
  const programs = (sourceId: string) => {
    asked.push(sourceId);
    return { ffmpeg };
  };
  const stream = new LiveStream([]);
  const publication = { url: 'rtsp://127.0.0.1/x', stream: Promise.resolve(stream) };
  const port = { publish: () => ({ ...publication, [Symbol.dispose]: () => undefined }) };
  const ground = {
    ...{ bus, clock: new FakeClock(), log: silentLog, sourceKinds: new Map() },
    settings: { current: { sources: [aSource()] } },
  };
  const pictures = {
    watch: { latest: () => undefined },
    renditions: { listen: () => ({ [Symbol.dispose]: () => undefined }) },
  };
  const streams = openStreams(
    ground as unknown as Ground,
    port as unknown as MediaPort,
    programs,
    () => pictures as unknown as Pictures,
    teardown,
  );
  const held = streams.hold('door1234', new AbortController().signal);
  streams.inlet('door1234').publish();
  using mine = await held;
  assert.deepEqual(asked, ['door1234']);
  mine.dropped?.();
  assert.deepEqual(
    payloads(told, 'source.dropped').map(({ sourceId, what }) => [sourceId, what]),
    [['door1234', 'group']],
  );
});
