import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { checkPicture, readPicture } from '#server/base/picture.ts';
import { jpegOf } from '#test/peers/http-camera.ts';

const plain = await jpegOf(64, 48);
const noisy = sharp({
  create: {
    width: 90,
    height: 60,
    channels: 3,
    background: 'gray',
    noise: { type: 'gaussian', mean: 128, sigma: 60 },
  },
});

/** A JPEG with a whole other JPEG in its Exif segment, as cameras send it. */
function withThumbnail(image: Buffer, thumbnail: Buffer): Buffer {
  const exif = Buffer.concat([Buffer.from('Exif\0\0'), thumbnail]);
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, (exif.length + 2) >> 8, (exif.length + 2) & 0xff]);
  return Buffer.concat([head, exif, image.subarray(2)]);
}

const JPEGS: Record<string, Buffer> = {
  plain,
  progressive: await noisy.clone().resize(64, 48).jpeg({ progressive: true }).toBuffer(),
  gray: await noisy.clone().resize(64, 48).grayscale().jpeg().toBuffer(),
  'with a thumbnail': withThumbnail(plain, await jpegOf(16, 12)),
  'with fill bytes before a marker': Buffer.concat([
    plain.subarray(0, 2),
    Buffer.of(0xff),
    plain.subarray(2),
  ]),
  'padded with zeros': Buffer.concat([plain, Buffer.alloc(512)]),
  'followed by notes': Buffer.concat([plain, Buffer.from('\r\nserial=1234')]),
};
for (const [name, image] of Object.entries(JPEGS)) {
  test(`a JPEG that is ${name} is read and whole`, () => {
    assert.deepEqual(checkPicture(image), { type: 'image/jpeg', width: 64, height: 48 });
  });
}

test('a JPEG is damaged wherever it is cut, also when its thumbnail is whole', async () => {
  const large = await noisy.clone().jpeg({ quality: 95 }).toBuffer();
  for (const image of [withThumbnail(large, plain), plain]) {
    for (let bytes = 0; bytes < image.length - 1; bytes += 7) {
      assert.throws(() => checkPicture(image.subarray(0, bytes)), { code: 'picture-invalid' }, `at ${bytes}`);
    }
  }
});

test('two halves of different pictures are no picture', async () => {
  const large = await noisy.clone().resize(400, 300).jpeg({ quality: 95 }).toBuffer();
  const halves = Buffer.concat([
    large.subarray(0, 9000),
    Buffer.from('\r\n--cam\r\n\r\n'),
    large.subarray(0, 9000),
  ]);
  assert.throws(() => checkPicture(halves), { code: 'picture-invalid', message: /cut off/ });
});

test('PNG and WebP in each of their sorts are read, and refused when they are cut', async () => {
  const png = await noisy.clone().png().toBuffer();
  const others = [
    ['image/png', png],
    ['image/webp', await noisy.clone().webp().toBuffer()],
    ['image/webp', await noisy.clone().webp({ lossless: true }).toBuffer()],
    ['image/webp', await noisy.clone().ensureAlpha(0.5).webp().toBuffer()],
  ] as const;
  for (const [type, image] of others) {
    assert.deepEqual(checkPicture(image), { type, width: 90, height: 60 });
    const cut = image.subarray(0, image.length - 30);
    assert.throws(() => checkPicture(cut), { code: 'picture-invalid', message: /cut off/ });
  }
});

test('what is no picture is named', () => {
  const named: Array<[string | Buffer, RegExp]> = [
    ['', /nothing at all/],
    ['  <!DOCTYPE html><p>Log in', /an HTML page/],
    ['<!-- old --><html>', /an HTML page/],
    ['{"error": 1}', /JSON/],
    ['<?xml version="1.0"?>', /XML/],
    ['GIF89a…', /a GIF/],
    ['--cam\r\nContent-Type: image/jpeg', /an MJPEG stream/],
    ['no camera', /text/],
    [Buffer.from([0, 0, 0, 24, ...Buffer.from('ftypavif')]), /an AVIF/],
    [Buffer.from([0xff, 0xd9, 1, 2, 3]), /something else/],
  ];
  for (const [bytes, message] of named) {
    assert.throws(() => readPicture(Buffer.from(bytes)), { code: 'picture-invalid', message });
  }
});

test('a picture that says it is enormous, or has no size, is refused before anybody decodes it', () => {
  const png = Buffer.alloc(64);
  png.write('\x89PNG\r\n\x1a\n', 'latin1');
  png.writeUInt32BE(60_000, 16);
  png.writeUInt32BE(60_000, 20);
  assert.throws(() => readPicture(png), { code: 'picture-too-large', message: /60000×60000/ });
  png.writeUInt32BE(8001, 16);
  png.writeUInt32BE(8000, 20);
  assert.throws(() => readPicture(png), { code: 'picture-too-large', message: /at most 64 megapixels/ });
  png.writeUInt32BE(8000, 16);
  assert.equal(readPicture(png).width, 8000, 'what is taken can also be decoded');
  const frame = plain.indexOf(Buffer.from([0xff, 0xc0]));
  const flat = Buffer.from(plain);
  flat.writeUInt16BE(0, frame + 5);
  assert.throws(() => readPicture(flat), { code: 'picture-invalid', message: /no size/ });
});

test('no bytes at all can keep the reader busy or break it', () => {
  for (let seed = 1; seed < 2000; seed++) {
    const junk = Buffer.from(plain.subarray(0, 300));
    for (let i = 2; i < junk.length; i += 3) junk[i] = (seed * 2654435761 * i) >>> 13;
    try {
      checkPicture(junk);
    } catch (thrown) {
      assert.match((thrown as { code?: string }).code ?? String(thrown), /^picture-/);
    }
  }
});
