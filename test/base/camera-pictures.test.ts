/** One camera read once: the stream handed on, stills while nobody looks, pictures while somebody does. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type CameraRun, cameraPictures } from '#server/base/camera-pictures.ts';
import { startChild } from '#server/base/child.ts';
import { systemClock } from '#server/base/clock.ts';
import { findFfmpeg } from '#server/base/ffmpeg.ts';
import { HardwareChoice } from '#server/base/hardware-choice.ts';
import { Interest } from '#server/base/interest.ts';
import { silentLog } from '#server/base/log.ts';
import type { StreamPicture } from '#server/base/picture-stream.ts';
import type { MediaStream } from '#server/base/rtp/media.ts';
import { openMediaPort } from '#server/base/rtsp/media-port.ts';
import { until } from '#test/fakes/until.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';

const ffmpeg = await findFfmpeg();

async function watchCamera(t: TestContext, url: string, over: Partial<CameraRun> = {}) {
  const port = await openMediaPort(systemClock);
  t.after(() => port[Symbol.asyncDispose]());
  const stop = new AbortController();
  const looking = new Interest();
  const streams: MediaStream[] = [];
  const seen = {
    ...{ pictures: [] as StreamPicture[], notes: [] as string[], fps: [] as number[] },
    ...{ alive: 0, unfit: 0 },
  };
  const run: CameraRun = {
    ...{ ffmpeg, name: 'Front door', clock: systemClock, signal: stop.signal, looking },
    input: { from: 'rtsp', url },
    sound: 'copy',
    picture: { everyMs: 100, width: 160, quality: 80, decode: 'full' },
    stillEveryMs: 1000,
    isSingle: false,
    note: line => void seen.notes.push(line),
    alive: () => void seen.alive++,
    dropped: () => undefined,
    measured: ({ fps }) => void seen.fps.push(fps),
    inlet: {
      publish() {
        const publication = port.publish();
        publication.stream.then(
          stream => streams.push(stream),
          () => undefined,
        );
        return publication;
      },
      reader: stream => port.reader(stream),
      unfit: () => void seen.unfit++,
    },
    ...over,
  };
  const done = (async () => {
    for await (const picture of cameraPictures(run)) seen.pictures.push(picture);
  })();
  t.after(async () => {
    stop.abort();
    await done.catch(() => undefined);
  });
  return { seen, looking, streams, stop, done };
}

test('nobody looks: key pictures only, while the whole stream is handed on and measured', async t => {
  await using camera = await startRtspCamera({ fps: 10, gop: 10 });
  const { seen, streams, stop, done } = await watchCamera(t, camera.url);
  await until('stills come', () => seen.pictures.length >= 2);
  await until('the stream is measured', () => seen.fps.length > 1);
  assert.equal(streams[0]?.tracks[0]?.codec, 'H264');
  assert.ok(seen.alive > 3 * seen.pictures.length, 'most of the stream was not decoded');
  assert.ok(Math.abs((seen.fps.at(-1) ?? 0) - 10) < 3, `measured ${seen.fps}`);
  stop.abort();
  await done;
});

test('who looks gets every picture, by way of our own port; the camera keeps its one connection', async t => {
  await using camera = await startRtspCamera({ fps: 10, gop: 10 });
  const { seen, looking } = await watchCamera(t, camera.url, { stillEveryMs: 60_000 });
  await until('the first still came', () => seen.pictures.length === 1);
  const place = looking.add();
  await until('pictures come fast', () => seen.pictures.length >= 15);
  place[Symbol.dispose]();
  assert.deepEqual([seen.pictures[5]?.width, seen.pictures[5]?.height], [160, 120]);
});

test('a stream that cannot be handed on gives pictures all the same', async t => {
  const { seen } = await watchCamera(t, '', {
    input: { from: 'lavfi', graph: 'testsrc2=size=320x240:rate=5' },
  });
  await until('pictures come', () => seen.pictures.length >= 3);
  assert.match(seen.notes.join('\n'), /cannot be handed on as it is/);
  assert.equal(seen.unfit, 1, 'and whoever wants to play it is told');
});

test('the end of the camera ends the run in words, and nothing is left behind', async t => {
  const camera = await startRtspCamera({ fps: 10, gop: 5 });
  const { seen, looking, done } = await watchCamera(t, camera.url);
  using _place = looking.add();
  await until('pictures come', () => seen.pictures.length >= 3);
  await camera[Symbol.asyncDispose]();
  await assert.rejects(done, { message: /Front door/ });
});

test('a decoder in hardware that gives no picture twice is left for software, and it is said', async t => {
  await using camera = await startRtspCamera({ fps: 10, gop: 5 });
  const machine = { platform: 'linux' as const, devices: async () => [], mayOpen: async () => true };
  const choice = new HardwareChoice({
    ...{ ffmpeg, machine, clock: systemClock, log: silentLog, preference: () => 'rkmpp' },
    store: { get: async () => undefined, set: async () => undefined },
  });
  const told: string[] = [];
  const hasty = {
    ...systemClock,
    sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(Math.min(ms, 100), signal),
  };
  const hardware = choice.of('door', (decoder, givenUp) => void told.push(`${decoder}, not ${givenUp}`));
  const { seen, looking } = await watchCamera(t, camera.url, {
    ...{ hardware, clock: hasty, stillEveryMs: 60_000 },
  });
  using _place = looking.add();
  await until('software gives pictures', () => seen.pictures.length >= 5);
  assert.deepEqual(told, ['software, not rkmpp']);
  const notes = seen.notes.filter(line => /^(Pictures for viewers|The decoder)/.test(line));
  assert.equal(notes.length, 3, notes.join('; '));
  assert.match(notes.join('\n'), /rkmpp gave no picture twice; this camera is decoded in software now/);
});

test('a camera that sets its clock back in the middle is connected anew', async t => {
  await using cameras = await openMediaPort(systemClock);
  const publication = cameras.publish();
  const coding = '-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 10';
  const back = ['-bsf:v', 'setts=ts=if(lt(N\\,40)\\,TS\\,TS-9000000)'];
  const source = ['-re', '-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=10', ...coding.split(' '), ...back];
  const target = ['-f', 'rtsp', '-rtsp_transport', 'tcp', '-pkt_size', '1316', publication.url];
  await using _camera = startChild('ffmpeg', ['-nostdin', '-loglevel', 'error', ...source, ...target]);
  const { done } = await watchCamera(t, cameras.reader(await publication.stream));
  await assert.rejects(done, { code: 'source-broken', message: /Front door has set its clock/ });
});
