import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import mjpeg from '#server/sources/mjpeg.ts';
import { firstOf, sourceContext } from '#test/fakes/source-context.ts';
import { jpegOf, startHttpCamera } from '#test/peers/http-camera.ts';

const picture = await jpegOf(64, 48);
const optionsFor = (url: string) => mjpeg.options.parse({ url, fps: 60 });

/** Sends parts without end; each server writes them in its own way. */
function stream(
  response: ServerResponse,
  part: (image: Buffer) => Array<string | Buffer>,
  image = picture,
): void {
  response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=cam' });
  const timer = setInterval(() => {
    for (const piece of part(image)) response.write(piece);
  }, 30);
  response.once('close', () => clearInterval(timer));
}

const DIALECTS: Record<string, (image: Buffer) => Array<string | Buffer>> = {
  'with lengths': image => [
    `--cam\r\nContent-Type: image/jpeg\r\nContent-Length: ${image.length}\r\n\r\n`,
    image,
    '\r\n',
  ],
  'without lengths': image => ['--cam\r\nContent-Type: image/jpeg\r\n\r\n', image, '\r\n'],
  'with another boundary than promised': image => [
    '----other\r\nContent-Type: image/jpeg\r\n\r\n',
    image,
    '\r\n',
  ],
  'with bare line ends': image => [`--cam\nContent-length: ${image.length}\n\n`, image, '\n'],
};
for (const [name, part] of Object.entries(DIALECTS)) {
  test(`a stream ${name} is read, and the bytes pass through unchanged`, async () => {
    await using camera = await startHttpCamera((_, response) => stream(response, part));
    await using run = await sourceContext();
    const taken = await firstOf(mjpeg.frames(optionsFor(camera.url), run.context), 3);
    for (const { image, width } of taken) {
      assert.deepEqual(image, picture);
      assert.equal(width, 64);
    }
  });
}

test('damaged pictures are left out and noted; ten in a row are a failure', async () => {
  const part = DIALECTS['with lengths'] ?? assert.fail();
  const cut = picture.subarray(0, picture.length - 30);
  await using camera = await startHttpCamera((_, response) => stream(response, part, cut));
  await using run = await sourceContext();
  const taking = firstOf(mjpeg.frames(optionsFor(camera.url), run.context), 1);
  await assert.rejects(taking, { code: 'picture-invalid', message: /cut off/ });
  assert.equal(run.notes.length, 9);
});

test('a still picture at the address is named, with the kind to use', async () => {
  await using camera = await startHttpCamera(
    (_, response) => void response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end(picture),
  );
  await using run = await sourceContext();
  const taking = firstOf(mjpeg.frames(optionsFor(camera.url), run.context), 1);
  await assert.rejects(taking, { code: 'source-broken', message: /Still picture/ });
});

test('a server that asks for a login is told apart', async () => {
  await using camera = await startHttpCamera(
    (_, response) => void response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="cam"' }).end(),
  );
  await using run = await sourceContext();
  const taking = firstOf(mjpeg.frames(optionsFor(camera.url), run.context), 1);
  await assert.rejects(taking, { code: 'source-refused-login', message: /Enter them/ });
});
