import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import image from '#server/sources/image.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { firstOf, sourceContext } from '#test/fakes/source-context.ts';
import { jpegOf, startHttpCamera } from '#test/peers/http-camera.ts';
import { type StillCameraOptions, startStillCamera } from '#test/peers/still-camera.ts';

type Context = Parameters<typeof image.frames>[1];
const frames = (url: string, context: Context, more: object = {}) =>
  image.frames(image.options.parse({ url, ...more }), context);
const picture = await jpegOf(64, 48);
const login = { username: 'ann', password: 'tulip' };

test('a picture that has not changed is not sent again, and is given again with the new time', async () => {
  await using camera = await startStillCamera({ etag: '"v1"' });
  await using run = await sourceContext({ everyMs: 200 });
  const [first, second] = await firstOf(frames(camera.url, run.context), 2);
  assert.deepEqual([first?.type, first?.width, first?.height], ['image/jpeg', 64, 48]);
  assert.equal(camera.requests[1]?.headers['if-none-match'], '"v1"');
  assert.equal(first?.image, second?.image, 'the same bytes, not a copy');
  assert.ok((second?.at ?? 0) > (first?.at ?? Infinity));
});

test('a picture that changed is sent, also by a server that knows ETags', async () => {
  let version = 0;
  const pictures = await Promise.all([1, 2, 3, 4].map(more => jpegOf(64 + more, 48)));
  await using camera = await startHttpCamera((_, response) => {
    response.setHeader('ETag', `"v${version}"`).end(pictures[version++]);
  });
  await using run = await sourceContext({ everyMs: 200 });
  const widths = (await firstOf(frames(camera.url, run.context), 3)).map(({ width }) => width);
  assert.deepEqual(widths, [65, 66, 67]);
});

test('pictures are asked for at the wanted pace, over one connection', async () => {
  const clock = new FakeClock();
  await using camera = await startStillCamera();
  await using run = await sourceContext({ clock, everyMs: 60_000 });
  const taking = frames(camera.url, run.context)[Symbol.asyncIterator]();
  await taking.next();
  for (let i = 0; i < 3; i++) {
    const next = taking.next();
    while (clock.waiting === 0) await new Promise(resolve => setTimeout(resolve, 5));
    await clock.advance(59_999);
    assert.equal(camera.requests.length, i + 1);
    await clock.advance(1);
    await next;
  }
  assert.equal(new Set(camera.requests.map(({ socket }) => socket.remotePort)).size, 1);
  await taking.return?.();
});

test('PNG and WebP are taken by their bytes, whatever the server calls them', async () => {
  await using run = await sourceContext({ isSingle: true });
  for (const [type, body] of [
    ['image/png', await sharp(picture).png().toBuffer()],
    ['image/webp', await sharp(picture).webp().toBuffer()],
  ] as const) {
    await using camera = await startStillCamera({ body, type: 'text/html' });
    const [taken] = await Array.fromAsync(frames(camera.url, run.context));
    assert.equal(taken?.type, type);
    assert.deepEqual(taken?.image, body);
  }
});

for (const scheme of ['basic', 'digest', 'digest-sha256'] as const) {
  test(`a ${scheme} login is answered; a wrong password is tried once and told apart`, async () => {
    await using camera = await startStillCamera({ login: { ...login, scheme } });
    await using run = await sourceContext({ isSingle: true });
    assert.equal((await Array.fromAsync(frames(camera.url, run.context, login))).length, 1);
    const wrong = frames(camera.url, run.context, { ...login, password: 'daisy' });
    await assert.rejects(firstOf(wrong, 1), { code: 'source-refused-login' });
    assert.equal(camera.wrongTries, 1);
  });
}

const REFUSED: Array<[string, StillCameraOptions, string, RegExp]> = [
  [
    'an HTML page',
    { body: '<!doctype html><p>Log in', type: 'text/html' },
    'picture-invalid',
    /an HTML page.*text\/html/,
  ],
  [
    'a picture that is cut off',
    { body: picture.subarray(0, -40) },
    'picture-invalid',
    /Front door: .*cut off/,
  ],
  ['nothing', { body: '' }, 'picture-invalid', /nothing at all/],
  ['more than the limit', { body: Buffer.alloc(20_000) }, 'picture-too-large', /10 kB/],
  ['404', { status: 404 }, 'source-unreachable', /Front door answers 404/],
  ['500', { status: 500 }, 'source-broken', /answers 500/],
  ['403', { status: 403 }, 'source-refused-login', /answers 403/],
];
for (const [what, camera, code, message] of REFUSED) {
  test(`${what} instead of a picture is said in a sentence`, async () => {
    await using peer = await startStillCamera(camera);
    await using run = await sourceContext({ isSingle: true });
    const taking = firstOf(frames(peer.url, run.context, { maxBytes: 10_000 }), 1);
    await assert.rejects(taking, { code, message });
  });
}

for (const fault of ['mute', 'drip'] as const) {
  test(`a server that is ${fault} is given up after 20 s for the whole answer`, async () => {
    const clock = new FakeClock();
    await using camera = await startStillCamera({ fault });
    await using run = await sourceContext({ clock, isSingle: true });
    const refused = assert.rejects(firstOf(frames(camera.url, run.context), 1), {
      code: 'source-silent',
      message: /within 20 s/,
    });
    while (camera.requests.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
    await clock.advance(20_000);
    await refused;
    assert.equal(clock.waiting, 0);
  });
}

test('a redirect into the metadata range is refused', async () => {
  await using camera = await startStillCamera({ movedTo: 'http://169.254.169.254/latest' });
  await using run = await sourceContext({ isSingle: true });
  await assert.rejects(firstOf(frames(camera.url, run.context), 1), { code: 'address-refused' });
});

test('an address on the internet leads to nothing in the own network', async () => {
  await using router = await startStillCamera();
  await using camera = await startStillCamera({ movedTo: router.url });
  await using run = await sourceContext({ isSingle: true }, [camera.url]);
  await assert.rejects(firstOf(frames(camera.url, run.context), 1), { code: 'address-refused' });
  assert.equal(router.requests.length, 0);
});

test('other schemes are refused when the source is written', () => {
  for (const url of ['file:///etc/passwd', 'view-source:http://x/', 'ftp://x/']) {
    assert.ok(!image.options.safeParse({ url }).success, url);
  }
});
