import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { findFfmpeg } from '#server/base/ffmpeg.ts';
import { openMediaPort, type Publication } from '#server/base/rtsp/media-port.ts';
import rtsp from '#server/sources/rtsp.ts';
import { firstOf, sourceContext } from '#test/fakes/source-context.ts';
import { startOddCamera } from '#test/peers/odd-rtsp-camera.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';

/** Command lines of the programs that this process has started. */
async function programsOf(pid: number): Promise<string[]> {
  const numbers = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const lines = numbers.map(async number => {
    const stat = await readFile(`/proc/${number}/stat`, 'utf8').catch(() => '');
    const parent = Number(stat.replace(/^.*\) . /s, '').split(' ')[0]);
    if (parent !== pid) return '';
    return (await readFile(`/proc/${number}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
  });
  return (await Promise.all(lines)).filter(line => line !== '');
}

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

test('FFmpeg is told neither the login nor the address, which may hold one, too', async () => {
  const login = { username: 'zoe', password: 'tulip' };
  await using camera = await startRtspCamera({ login });
  await using run = await sourceContext();
  const url = `${camera.url}?pwd=secret`;
  for await (const _picture of rtsp.frames(optionsFor(url, login), run.context)) {
    const lines = await programsOf(process.pid);
    const told = lines.filter(line => line.includes('ffmpeg'));
    assert.equal(told.length, 1);
    assert.doesNotMatch(told[0] ?? '', /zoe|tulip|secret|cam/);
    assert.match(told[0] ?? '', /-i rtsp:\/\/127\.0\.0\.1:\d+\/[\w-]{43} /);
    break;
  }
});

test('a camera that sends by UDP only is read through the relay, where UDP is allowed', async () => {
  await using camera = await startRtspCamera({ isUdpOnly: true });
  for (const transport of ['udp', 'prefer_tcp']) {
    await using run = await sourceContext();
    const pictures = await firstOf(rtsp.frames(optionsFor(camera.url, { transport }), run.context), 3);
    assert.equal(pictures[2]?.width, 320);
  }
  await using run = await sourceContext();
  const frames = rtsp.frames(optionsFor(camera.url), run.context);
  await assert.rejects(firstOf(frames, 1), { code: 'source-broken', message: /^Front door does not speak/ });
});

test('a camera that redirects FFmpeg for ever is left after four requests, whatever is wanted', async () => {
  await using camera = await startOddCamera({
    say: ({ url }) => `RTSP/1.0 302 Moved\r\nLocation: ${url}\r\n\r\n`,
  });
  for (const isSingle of [true, false]) {
    await using run = await sourceContext({ isSingle });
    const frames = rtsp.frames(optionsFor(camera.url), run.context);
    await assert.rejects(firstOf(frames, 1), { code: 'source-broken', message: /^Front door redirects/ });
  }
  assert.equal(camera.requests.length, 8);
});

test('the end of a camera is said in words, not in those of FFmpeg', async () => {
  const camera = await startRtspCamera();
  await using run = await sourceContext();
  const pictures = rtsp.frames(optionsFor(camera.url), run.context)[Symbol.asyncIterator]();
  await pictures.next();
  await camera[Symbol.asyncDispose]();
  const rest = async () => {
    while (!(await pictures.next()).done);
  };
  await assert.rejects(rest(), { code: 'source-ended', message: /^Front door closed the connection/ });
});

test('nobody at the address is said in words', async () => {
  await using run = await sourceContext();
  const frames = rtsp.frames(optionsFor('rtsp://127.0.0.1:9/cam'), run.context);
  await assert.rejects(firstOf(frames, 1), { code: 'source-unreachable', message: /refuses connections/ });
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

test('with a small stream, pictures come from it; the large one is opened only to be handed on', async t => {
  await using large = await startRtspCamera();
  await using small = await startRtspCamera({ width: 160, height: 120 });
  const options = optionsFor(large.url, { subUrl: small.url });
  await using single = await sourceContext({ isSingle: true });
  const unreachable = { ...options, url: 'rtsp://127.0.0.1:9/' };
  const [alone] = await Array.fromAsync(rtsp.frames(unreachable, single.context));
  assert.equal(alone?.width, 160);

  const port = await openMediaPort(systemClock);
  t.after(() => port[Symbol.asyncDispose]());
  const publications: Publication[] = [];
  const publish = () => {
    const publication = port.publish();
    publications.push(publication);
    return publication;
  };
  await using run = await sourceContext({ inlet: { publish, reader: stream => port.reader(stream) } });
  const pictures = rtsp.frames(options, run.context)[Symbol.asyncIterator]();
  assert.equal((await pictures.next()).value?.width, 160);
  assert.equal((await publications[0]?.stream)?.tracks[0]?.codec, 'H264');
  await large[Symbol.asyncDispose]();
  const rest = async () => {
    while (!(await pictures.next()).done);
  };
  await assert.rejects(rest(), { code: 'source-ended', message: /^Front door closed the connection/ });
});
