import assert from 'node:assert/strict';
import { test } from 'node:test';
import mjpeg from '#server/sources/mjpeg.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { firstOf, sourceContext } from '#test/fakes/source-context.ts';
import { jpegOf } from '#test/peers/http-camera.ts';
import { MJPEG_DIALECTS, type MjpegCameraOptions, startMjpegCamera } from '#test/peers/mjpeg-camera.ts';
import { startStillCamera } from '#test/peers/still-camera.ts';

const picture = await jpegOf(64, 48);
const login = { username: 'ann', password: 'tulip' };
const optionsFor = (url: string, more: object = {}) => mjpeg.options.parse({ url, fps: 60, ...more });

for (const dialect of Object.keys(MJPEG_DIALECTS) as Array<keyof typeof MJPEG_DIALECTS>) {
  test(`the dialect “${dialect}” is read, and the bytes pass through unchanged`, async () => {
    await using camera = await startMjpegCamera({ dialect, pictures: [picture] });
    await using run = await sourceContext();
    const taken = await firstOf(mjpeg.frames(optionsFor(camera.url), run.context), 3);
    for (const { image, width, type } of taken) {
      assert.deepEqual(image, picture);
      assert.deepEqual([width, type], [64, 'image/jpeg']);
    }
  });
}

const FAULTS: Array<[string, MjpegCameraOptions, { code: string; message: RegExp }]> = [
  ['damaged pictures', { fault: 'truncated' }, { code: 'source-broken', message: /only damaged.*cut off/ }],
  ['a picture of 25 MB', { fault: 'huge' }, { code: 'picture-too-large', message: /20000 kB/ }],
];
for (const [what, fault, expected] of FAULTS) {
  test(`${what} from the camera are a failure, with a sentence`, async () => {
    await using camera = await startMjpegCamera(fault);
    await using run = await sourceContext();
    await assert.rejects(firstOf(mjpeg.frames(optionsFor(camera.url), run.context), 1), expected);
  });
}

test('a camera that answers and sends no picture is silent after 20 s', async () => {
  await using camera = await startMjpegCamera({ fault: 'silent' });
  const clock = new FakeClock();
  await using run = await sourceContext({ clock });
  const refused = assert.rejects(firstOf(mjpeg.frames(optionsFor(camera.url), run.context), 1), {
    code: 'source-silent',
  });
  // The deadline is set once the camera has answered.
  while (clock.waiting === 0) await new Promise(resolve => setTimeout(resolve, 5));
  await clock.advance(20_000);
  await refused;
});

test('a stream that ends is no error; a run that is stopped in the middle is none either', async () => {
  await using camera = await startMjpegCamera({ endAfter: 2 });
  await using run = await sourceContext();
  const taken = await Array.fromAsync(mjpeg.frames(optionsFor(camera.url), run.context));
  assert.equal(taken.length, 2);
  await using stalled = await startMjpegCamera({ stallAfter: 1 });
  const frames = mjpeg.frames(optionsFor(stalled.url), run.context)[Symbol.asyncIterator]();
  await frames.next();
  const waiting = frames.next();
  run.stop();
  assert.equal((await waiting).done, true);
});

test('one picture is enough when one is wanted, and the connection is closed', async () => {
  await using camera = await startMjpegCamera();
  await using run = await sourceContext({ isSingle: true });
  const taken = await Array.fromAsync(mjpeg.frames(optionsFor(camera.url), run.context));
  assert.equal(taken.length, 1);
  const socket = camera.requests[0]?.socket ?? assert.fail();
  if (!socket.destroyed) await new Promise(resolve => socket.once('close', resolve));
});

test('a slow reader gets the newest picture', async () => {
  const pictures = await Promise.all(Array.from({ length: 40 }, (_, i) => jpegOf(16 + i, 16)));
  await using camera = await startMjpegCamera({ pictures, everyMs: 10 });
  await using run = await sourceContext();
  const frames = mjpeg.frames(optionsFor(camera.url), run.context)[Symbol.asyncIterator]();
  await frames.next();
  while (camera.sent < 20) await new Promise(resolve => setTimeout(resolve, 5));
  const { value } = await frames.next();
  assert.ok(value.width > 16 + 5, `picture ${value.width - 16} is old`);
  await frames.return?.();
});

for (const scheme of ['basic', 'digest'] as const) {
  test(`a ${scheme} login opens the camera, also from inside the address; a wrong one is tried once`, async () => {
    await using camera = await startMjpegCamera({ login: { ...login, scheme } });
    await using run = await sourceContext();
    await firstOf(mjpeg.frames(optionsFor(camera.url, login), run.context), 1);
    const inside = camera.url.replace('://', '://ann:tulip@');
    await firstOf(mjpeg.frames(optionsFor(inside), run.context), 1);
    assert.equal(camera.wrongTries, 0);
    const wrong = mjpeg.frames(optionsFor(camera.url, { ...login, password: 'daisy' }), run.context);
    await assert.rejects(firstOf(wrong, 1), { code: 'source-refused-login', message: /^Front door refused/ });
    assert.equal(camera.wrongTries, 1);
  });
}

test('what is no MJPEG stream is named, with what to do', async () => {
  await using still = await startStillCamera();
  await using run = await sourceContext();
  const take = (url: string) => firstOf(mjpeg.frames(optionsFor(url), run.context), 1);
  await assert.rejects(take(still.url), { code: 'source-broken', message: /Still picture/ });
  await using missing = await startStillCamera({ status: 404 });
  await assert.rejects(take(missing.url), { code: 'source-unreachable', message: /path \(404\)/ });
  await using broken = await startStillCamera({ status: 503 });
  await assert.rejects(take(broken.url), { code: 'source-broken', message: /answers 503/ });
});

test('an address on the internet leads to nothing in the own network', async () => {
  await using router = await startMjpegCamera();
  await using camera = await startStillCamera({ movedTo: router.url });
  await using run = await sourceContext({}, [camera.url]);
  const frames = mjpeg.frames(optionsFor(camera.url), run.context);
  await assert.rejects(firstOf(frames, 1), { code: 'address-refused' });
  assert.equal(router.requests.length, 0);
});

test('nobody at the address, and addresses that may not be opened', async () => {
  await using run = await sourceContext();
  const take = (url: string) => firstOf(mjpeg.frames(optionsFor(url), run.context), 1);
  await assert.rejects(take('http://127.0.0.1:9/'), { code: 'source-unreachable' });
  await assert.rejects(take('http://169.254.169.254/'), { code: 'address-refused' });
  assert.ok(!mjpeg.options.safeParse({ url: 'file:///dev/video0' }).success);
});
