/** Two streams of one camera: the large one handed on without decoding, pictures from the small one, one end for both. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { findFfmpeg } from '#server/base/ffmpeg.ts';
import { handOn } from '#server/base/hand-on.ts';
import { Interest } from '#server/base/interest.ts';
import type { StreamPicture } from '#server/base/picture-stream.ts';
import type { MediaStream } from '#server/base/rtp/media.ts';
import { openMediaPort } from '#server/base/rtsp/media-port.ts';
import { picturesBesideStream, type TwoStreamsRun } from '#server/base/two-streams.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { until } from '#test/fakes/until.ts';
import { startOddCamera } from '#test/peers/odd-rtsp-camera.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';

const ffmpeg = await findFfmpeg();
const rtsp = (url: string) => ({ from: 'rtsp' as const, url });

/** A place for streams, with all that came there. */
async function streamPlace(t: TestContext) {
  const port = await openMediaPort(systemClock);
  t.after(() => port[Symbol.asyncDispose]());
  const streams: MediaStream[] = [];
  const publish = () => {
    const publication = port.publish();
    publication.stream.then(
      stream => streams.push(stream),
      () => undefined,
    );
    return publication;
  };
  return { streams, inlet: { publish, reader: (stream: MediaStream) => port.reader(stream) } };
}

async function watchBoth(t: TestContext, large: TwoStreamsRun['large'], small: TwoStreamsRun['input']) {
  const { streams, inlet } = await streamPlace(t);
  const stop = new AbortController();
  const looking = new Interest();
  const seen = { pictures: [] as StreamPicture[], notes: [] as string[], fps: [] as number[], alive: 0 };
  const commands: string[] = [];
  const started: typeof ffmpeg = {
    ...{ path: ffmpeg.path, version: ffmpeg.version },
    start: (args, options) => {
      commands.push(args.join(' '));
      return ffmpeg.start(args, options);
    },
  };
  const run: TwoStreamsRun = {
    ...{ ffmpeg: started, name: 'Yard', clock: systemClock, signal: stop.signal, looking, inlet },
    ...{ input: small, large, sound: 'copy', stillEveryMs: 1000, isSingle: false },
    picture: { everyMs: 100, width: 0, quality: 80, decode: 'full' },
    note: line => void seen.notes.push(line),
    alive: () => void seen.alive++,
    dropped: () => undefined,
    measured: ({ fps }) => void seen.fps.push(fps),
  };
  const done = (async () => {
    for await (const picture of picturesBesideStream(run)) seen.pictures.push(picture);
  })();
  done.catch(() => undefined);
  t.after(async () => {
    stop.abort();
    await done.catch(() => undefined);
  });
  return { seen, streams, looking, commands, stop, done };
}

test('the large stream is handed on and measured, pictures are those of the small one', async t => {
  await using large = await startRtspCamera({ width: 640, height: 480, fps: 15, gop: 15 });
  await using small = await startRtspCamera({ width: 160, height: 120, fps: 5, gop: 5 });
  const { seen, streams, looking, commands, stop, done } = await watchBoth(
    t,
    rtsp(large.url),
    rtsp(small.url),
  );
  await until('stills come', () => seen.pictures.length >= 2);
  await until('the large stream is measured', () => seen.fps.length > 1);
  using _place = looking.add();
  await until('pictures come fast', () => seen.pictures.length >= 12);
  assert.ok(seen.pictures.every(({ width, height }) => width === 160 && height === 120));
  assert.equal(streams.length, 1, 'the small stream is nobody’s');
  assert.ok(Math.abs((seen.fps.at(-1) ?? 0) - 15) < 4, `measured ${seen.fps}`);
  const ofLarge = commands.filter(line => line.includes(large.url));
  assert.equal(ofLarge.length, 1);
  assert.doesNotMatch(ofLarge[0] ?? '', /mjpeg|filter_complex|skip_frame/);
  assert.ok(seen.alive > seen.pictures.length, 'it lives between two stills, too');
  stop.abort();
  await done;
});

for (const which of ['large', 'small'] as const) {
  test(`the end of the ${which} stream ends both, in words`, async t => {
    const cameras = { large: await startRtspCamera(), small: await startRtspCamera() };
    t.after(() => Promise.all(Object.values(cameras).map(camera => camera[Symbol.asyncDispose]())));
    const { seen, streams, done } = await watchBoth(t, rtsp(cameras.large.url), rtsp(cameras.small.url));
    await until('both run', () => seen.pictures.length > 0 && streams.length > 0);
    await cameras[which][Symbol.asyncDispose]();
    await assert.rejects(done, { message: /^Yard / });
  });
}

test('the large stream does not hide that the small one is silent', async t => {
  await using large = await startRtspCamera();
  await using small = await startOddCamera();
  const { seen } = await watchBoth(t, rtsp(large.url), rtsp(small.url));
  await until('the large stream is measured', () => seen.fps.length > 0);
  assert.equal(seen.alive, 0);
});

test('a large stream that cannot be handed on leaves pictures of the small one', async t => {
  await using small = await startRtspCamera({ width: 160, height: 120 });
  const raw = { from: 'lavfi' as const, graph: 'testsrc2=size=320x240:rate=5' };
  const { seen } = await watchBoth(t, raw, rtsp(small.url));
  await until('it is noted', () => seen.notes.some(line => /large stream .* cannot be handed on/.test(line)));
  const before = seen.pictures.length;
  await until('pictures go on', () => seen.pictures.length > before + 1);
});

test('a large stream without video is given up after 20 s', async t => {
  await using camera = await startOddCamera();
  const { inlet } = await streamPlace(t);
  const clock = new FakeClock();
  const handing = handOn({
    ...{ ffmpeg, name: 'Yard', clock, inlet, input: rtsp(camera.url), sound: 'none' },
    ...{ signal: new AbortController().signal, note: () => undefined, measured: () => undefined },
  });
  handing.catch(() => undefined);
  await until('it plays', () => camera.requests.at(-1)?.method === 'PLAY');
  await clock.advance(20_000);
  await assert.rejects(handing, {
    code: 'source-silent',
    message: /^Yard sent no video on its large stream/,
  });
});
