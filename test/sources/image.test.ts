import assert from 'node:assert/strict';
import { test } from 'node:test';
import image from '#server/sources/image.ts';
import { firstOf, sourceContext } from '#test/fakes/source-context.ts';
import { isDigestRight, jpegOf, startHttpCamera } from '#test/peers/http-camera.ts';

const frames = (url: string, context: Parameters<typeof image.frames>[1], more: object = {}) =>
  image.frames(image.options.parse({ url, ...more }), context);
const picture = await jpegOf(64, 48);

test('a picture is taken, and one that has not changed is not sent again', async () => {
  await using camera = await startHttpCamera((request, response) => {
    if (request.headers['if-none-match'] === '"v1"') response.writeHead(304).end();
    else response.writeHead(200, { ETag: '"v1"' }).end(picture);
  });
  await using run = await sourceContext({ everyMs: 200 });
  const taken = await firstOf(frames(camera.url, run.context), 2);
  assert.deepEqual(
    taken.map(({ width, height }) => [width, height]),
    [
      [64, 48],
      [64, 48],
    ],
  );
  assert.equal(camera.requests[1]?.headers['if-none-match'], '"v1"');
  assert.equal(taken[0]?.image, taken[1]?.image, 'the same bytes, not a copy');
});

test('a Digest login is answered; a wrong password is tried once and told apart', async () => {
  await using camera = await startHttpCamera((request, response) => {
    if (isDigestRight(request, 'ann', 'tulip')) response.end(picture);
    else response.writeHead(401, { 'WWW-Authenticate': 'Digest realm="cam", nonce="n1", qop="auth"' }).end();
  });
  await using run = await sourceContext({ isSingle: true });
  const right = await Array.fromAsync(
    frames(camera.url, run.context, { username: 'ann', password: 'tulip' }),
  );
  assert.equal(right.length, 1);
  const before = camera.requests.length;
  const wrong = frames(camera.url, run.context, { username: 'ann', password: 'daisy' });
  await assert.rejects(firstOf(wrong, 1), { code: 'source-refused-login' });
  assert.equal(camera.requests.length - before, 2, 'the question and one answer, no hammering');
});

const REFUSED: Array<[string, string | Buffer, object, RegExp]> = [
  ['an HTML page', '<!doctype html><p>Log in', { code: 'picture-invalid' }, /an HTML page/],
  [
    'a picture that is cut off',
    picture.subarray(0, picture.length - 40),
    { code: 'picture-invalid' },
    /cut off/,
  ],
  ['nothing', '', { code: 'picture-invalid' }, /nothing at all/],
  ['more than the limit', Buffer.alloc(20_000), { code: 'picture-too-large' }, /./],
];
for (const [what, body, { code }, sentence] of REFUSED as Array<[string, Buffer, { code: string }, RegExp]>) {
  test(`${what} is refused with a sentence`, async () => {
    await using camera = await startHttpCamera((_, response) => void response.end(body));
    await using run = await sourceContext({ isSingle: true });
    const taking = firstOf(frames(camera.url, run.context, { maxBytes: 10_000 }), 1);
    await assert.rejects(taking, { code, message: sentence });
  });
}

test('a redirect into the metadata range is refused', async () => {
  await using camera = await startHttpCamera(
    (_, response) => void response.writeHead(302, { Location: 'http://169.254.169.254/latest' }).end(),
  );
  await using run = await sourceContext({ isSingle: true });
  await assert.rejects(firstOf(frames(camera.url, run.context), 1), { code: 'address-refused' });
});

test('other schemes are refused when the source is written', () => {
  for (const url of ['file:///etc/passwd', 'view-source:http://x/', 'ftp://x/']) {
    assert.ok(!image.options.safeParse({ url }).success, url);
  }
});
