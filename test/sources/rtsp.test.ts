import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { findFfmpeg } from '#server/base/ffmpeg.ts';
import rtsp from '#server/sources/rtsp.ts';
import { firstOf, sourceContext } from '#test/fakes/source-context.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';

const optionsFor = (url: string, more: object = {}) => rtsp.options.parse({ url, ...more });

test('a real RTSP camera gives JPEG pictures, and the run ends when it is stopped', async () => {
  await using camera = await startRtspCamera();
  await using run = await sourceContext();
  const [picture] = await firstOf(rtsp.frames(optionsFor(camera.url), run.context), 2);
  assert.deepEqual([picture?.type, picture?.width, picture?.height], ['image/jpeg', 320, 240]);
});

test('one picture is taken when one is wanted, in the asked width', async () => {
  await using camera = await startRtspCamera();
  await using run = await sourceContext({ isSingle: true });
  const pictures = await Array.fromAsync(rtsp.frames(optionsFor(camera.url, { width: 160 }), run.context));
  assert.deepEqual(
    pictures.map(picture => [picture.width, picture.height]),
    [[160, 120]],
  );
});

test('a login opens the camera; a wrong one is told apart', async () => {
  const login = { username: 'ann', password: 'tulip & rose' };
  await using camera = await startRtspCamera({ login });
  await using run = await sourceContext({ isSingle: true });
  const pictures = await Array.fromAsync(rtsp.frames(optionsFor(camera.url, login), run.context));
  assert.equal(pictures.length, 1);
  const wrong = rtsp.frames(optionsFor(camera.url, { ...login, password: 'daisy' }), run.context);
  await assert.rejects(firstOf(wrong, 1), { code: 'source-refused-login', message: /^Front door refused/ });
  assert.ok(!run.notes.join('\n').includes('daisy'), 'the password must not be in the log');
});

test('nobody at the address is said in words', async () => {
  await using run = await sourceContext();
  const frames = rtsp.frames(optionsFor('rtsp://127.0.0.1:9/cam'), run.context);
  await assert.rejects(firstOf(frames, 1), { code: 'source-unreachable', message: /refuses the connection/ });
});

test('a camera that accepts the connection and stays silent is given up', async t => {
  const sockets = new Set<Socket>();
  const server = createServer(socket => void sockets.add(socket));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  await using run = await sourceContext();
  const frames = rtsp.frames(optionsFor(`rtsp://127.0.0.1:${port}/cam`), run.context);
  await assert.rejects(firstOf(frames, 1), (error: Error & { code?: string }) =>
    ['source-silent', 'source-unreachable'].includes(error.code ?? ''),
  );
});

test('a metadata address is never opened', async () => {
  await using run = await sourceContext();
  const frames = rtsp.frames(optionsFor('rtsp://169.254.169.254/x'), run.context);
  await assert.rejects(firstOf(frames, 1), { code: 'address-refused' });
});

test('without FFmpeg a sentence says how to install it', async () => {
  await using camera = await startRtspCamera();
  await using run = await sourceContext({ ffmpeg: await findFfmpeg(undefined, '/nowhere') });
  const frames = rtsp.frames(optionsFor(camera.url), run.context);
  await assert.rejects(firstOf(frames, 1), { code: 'ffmpeg-missing', message: /apt-get install ffmpeg/ });
});
