import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFfmpeg } from '#server/base/ffmpeg.ts';
import { Interest } from '#server/base/interest.ts';
import hls from '#server/sources/hls.ts';
import { openInlet } from '#test/fakes/inlet.ts';
import { firstOf, sourceContext } from '#test/fakes/source-context.ts';
import { startHlsCamera } from '#test/peers/hls-camera.ts';
import { startHttpCamera } from '#test/peers/http-camera.ts';

const optionsFor = (url: string, more: object = {}) => hls.options.parse({ url, ...more });

test('a live playlist gives pictures, and its coded stream is handed on', async t => {
  await using camera = await startHlsCamera();
  const { inlet, streams } = await openInlet(t);
  const looking = new Interest();
  await using run = await sourceContext({ inlet, looking });
  using _place = looking.add();
  const pictures = await firstOf(
    hls.frames(optionsFor(camera.playlist, { stillEvery: '1s' }), run.context),
    4,
  );
  const { type, width, height } = pictures[3] ?? {};
  assert.deepEqual([type, width, height], ['image/jpeg', 320, 180]);
  assert.equal(streams[0]?.tracks[0]?.codec, 'H264');
});

test('one picture is taken when one is wanted, behind a login that only this server is sent', async () => {
  const login = { username: 'ann', password: 'tulip&rose' };
  await using other = await startHttpCamera((_request, response) => void response.writeHead(404).end());
  await using camera = await startHlsCamera({ login: { ...login, scheme: 'basic' } });
  await using leading = await startHlsCamera({
    login: { ...login, scheme: 'basic' },
    elsewhere: new URL('/', other.url).href,
  });
  await using run = await sourceContext({ isSingle: true });
  const frames = hls.frames(optionsFor(camera.playlist, { ...login, width: 160 }), run.context);
  const pictures = await Array.fromAsync(frames);
  assert.deepEqual([pictures.length, pictures[0]?.width], [1, 160]);
  const led = hls.frames(optionsFor(leading.playlist, login), run.context);
  await assert.rejects(firstOf(led, 1));
  assert.ok(other.requests.length > 0, 'the segments were asked for where the playlist says');
  assert.ok(other.requests.every(({ headers }) => headers.authorization === undefined));
  assert.doesNotMatch(run.notes.join('\n'), /tulip/);
});

test('a wrong password and a missing playlist are told apart', async () => {
  await using camera = await startHlsCamera({
    login: { username: 'ann', password: 'tulip', scheme: 'basic' },
  });
  await using run = await sourceContext();
  const wrong = hls.frames(optionsFor(camera.playlist, { username: 'ann', password: 'daisy' }), run.context);
  await assert.rejects(firstOf(wrong, 1), { code: 'source-refused-login' });
  await using open = await startHlsCamera();
  const missing = hls.frames(optionsFor(open.playlist.replace('live', 'gone')), run.context);
  await assert.rejects(firstOf(missing, 1), { code: 'source-unreachable', message: /^Front door/ });
});

for (const scheme of ['basic', 'digest'] as const) {
  test(`a ${scheme} password that is refused for the pieces alone is tried once, and told`, async () => {
    const guard = { username: 'ann', password: 'tulip', scheme, open: /m3u8/ };
    await using camera = await startHlsCamera({ login: guard });
    await using run = await sourceContext();
    const login = { username: 'ann', password: 'daisy' };
    const wrong = hls.frames(optionsFor(camera.playlist, login), run.context);
    await assert.rejects(firstOf(wrong, 1), { code: 'source-refused-login' });
    assert.equal(camera.wrongTries, 1);
  });
}

test('a password that is changed while the video plays is tried once more', async () => {
  const guard = { username: 'ann', password: 'tulip', scheme: 'basic' as const };
  await using camera = await startHlsCamera({ login: guard });
  await using run = await sourceContext();
  const login = { username: 'ann', password: 'tulip' };
  const played = (async () => {
    const frames = hls.frames(optionsFor(camera.playlist, { ...login, fps: 10 }), run.context);
    for await (const _picture of frames) guard.password = 'daisy';
  })();
  await assert.rejects(played, { code: 'source-refused-login' });
  assert.equal(camera.wrongTries, 1);
});

test('a playlist on the internet leads to nothing in the own network', async () => {
  await using router = await startHttpCamera((_request, response) => void response.end('rebooting'));
  await using camera = await startHlsCamera({ elsewhere: new URL('/reboot?', router.url).href });
  await using run = await sourceContext({}, [camera.playlist]);
  await assert.rejects(firstOf(hls.frames(optionsFor(camera.playlist), run.context), 1), {
    code: 'address-refused',
    message: /Front door leads to .*may not reach into your network/,
  });
  assert.equal(router.requests.length, 0);
});

test('what programs print names no address of the video, and not how the relay is opened', async () => {
  await using camera = await startHlsCamera({ elsewhere: '/gone?token=tulip&file=' });
  await using run = await sourceContext();
  const playlist = `${camera.playlist}?token=rose`;
  const frames = hls.frames(optionsFor(playlist), run.context);
  await assert.rejects(firstOf(frames, 1));
  const printed = run.notes.join('\n');
  assert.match(printed, /\/part\/\d+\/token=\*\*\*/);
  const named = [new URL(camera.playlist).host, 'tulip', 'rose', btoa('http://127.0.0.')];
  assert.deepEqual(
    named.filter(text => printed.includes(text)),
    [],
  );
  assert.doesNotMatch(printed, /token=(?!\*\*\*)/);
});

for (const [how, options] of [
  ['segments', { elsewhere: 'http://169.254.169.254/' }],
  ['a redirect', { movedTo: 'http://169.254.169.254/live.m3u8' }],
] as const) {
  test(`${how} of a playlist cannot lead to a closed address`, async () => {
    await using camera = await startHlsCamera(options);
    await using run = await sourceContext();
    const frames = hls.frames(optionsFor(camera.playlist), run.context);
    await assert.rejects(firstOf(frames, 1), { code: 'address-refused', message: /Front door.*metadata/ });
  });
}

test('what every user of the machine can read of a program names neither login nor address', async () => {
  const login = { username: 'hortensia', password: 'tulip' };
  await using camera = await startHlsCamera({ login: { ...login, scheme: 'digest' } });
  const real = await findFfmpeg();
  const told: string[] = [];
  const start: typeof real.start = (args, options) => {
    told.push(args.join(' '));
    return real.start(args, options);
  };
  await using run = await sourceContext({ isSingle: true, ffmpeg: { ...real, start } });
  const frames = hls.frames(optionsFor(camera.playlist, login), run.context);
  assert.equal((await Array.fromAsync(frames)).length, 1);
  assert.equal(told.length, 1);
  assert.ok(
    !told.some(line => /tulip|hortensia|live\.m3u8/.test(line) || line.includes(new URL(camera.url).host)),
  );
});

for (const segments of ['fmp4', 'encrypted'] as const) {
  test(`segments that are ${segments} play`, async () => {
    await using camera = await startHlsCamera({ segments });
    await using run = await sourceContext();
    assert.equal((await firstOf(hls.frames(optionsFor(camera.playlist), run.context), 3)).length, 3);
  });
}

test('nobody at the address is said in words', async () => {
  await using run = await sourceContext();
  const frames = hls.frames(optionsFor('http://127.0.0.1:9/live.m3u8'), run.context);
  await assert.rejects(firstOf(frames, 1), { code: 'source-unreachable', message: /refuses connections/ });
});
