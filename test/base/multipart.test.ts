import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PartParser, readParts } from '#server/base/multipart.ts';
import { MJPEG_DIALECTS } from '#test/peers/mjpeg-camera.ts';

const part = (body: string) =>
  `--x\r\nContent-Type: image/jpeg\r\nContent-Length: ${body.length}\r\n\r\n${body}\r\n`;

async function* inPieces(bytes: Buffer, at: number): AsyncGenerator<Buffer> {
  yield bytes.subarray(0, at);
  yield bytes.subarray(at);
}

async function bodiesOf(chunks: AsyncIterable<Buffer>, boundary?: string): Promise<string[]> {
  const parts = await Array.fromAsync(readParts(chunks, { boundary }));
  return parts.map(({ body }) => body.toString('latin1'));
}

test('parts are the same wherever the stream is cut in two', async () => {
  const bytes = Buffer.from(part('first\r\n--x inside') + part('second') + part(''));
  for (let at = 0; at <= bytes.length; at++) {
    const bodies = await bodiesOf(inPieces(bytes, at));
    assert.deepEqual(bodies, ['first\r\n--x inside', 'second', ''], `cut at ${at}`);
  }
});

const PICTURES = ['one\r\n\r\n-', 'two: 2\n--', '\xff\xd8\r\n\xff\xd9'].map(text =>
  Buffer.from(text, 'latin1'),
);

for (const [name, write] of Object.entries(MJPEG_DIALECTS)) {
  test(`the dialect “${name}” is read wherever the stream is cut, and byte by byte`, async () => {
    const start = name === 'boundary sent ahead' ? ['--cam'] : [];
    const pieces = [...start, ...PICTURES.flatMap(image => write(image))].map(piece => Buffer.from(piece));
    // The last part ends with the next boundary, as it does on a stream that goes on.
    const next =
      name === 'another boundary' ? '----other\r\n' : name === 'no dashes' ? 'cam\r\n' : '--cam\r\n';
    const bytes = Buffer.concat([...pieces, Buffer.from(next)]);
    const expected = PICTURES.map(image => image.toString('latin1'));
    for (let at = 0; at <= bytes.length; at++) {
      assert.deepEqual(await bodiesOf(inPieces(bytes, at), 'cam'), expected, `cut at ${at}`);
    }
    const parser = new PartParser({ boundary: 'cam' });
    const byBytes = [...bytes].flatMap(byte => parser.push(Buffer.of(byte)));
    assert.deepEqual(
      byBytes.map(({ body }) => body.toString('latin1')),
      expected,
    );
  });
}

test('a part that arrived in one piece is not copied, with a length or without', async () => {
  for (const text of [part('picture'), '--x\r\nA: b\r\n\r\npicture\r\n--x\r\n']) {
    const bytes = Buffer.from(text);
    const [only] = await Array.fromAsync(readParts(inPieces(bytes, 0)));
    assert.equal(only?.body.toString(), 'picture');
    assert.equal(only?.body.buffer, bytes.buffer);
  }
});

test('headers are told in lower case', async () => {
  const text = '--x\r\nCONTENT-length : 2\r\nX-Time: 12:30\r\n__proto__: a\r\n\r\nok\r\n';
  const [only] = await Array.fromAsync(readParts(inPieces(Buffer.from(text), 9)));
  assert.equal(only?.headers['content-length'], '2');
  assert.equal(only?.headers['x-time'], '12:30');
});

test('a preamble is left out, and a stream that starts with headers needs no boundary line', async () => {
  const preamble = Buffer.from(`This is a stream\r\nfor you\r\n\r\n${part('picture')}`);
  assert.deepEqual(await bodiesOf(inPieces(preamble, 20), 'x'), ['picture']);
  const bare = Buffer.from(
    'Content-Type: image/jpeg\r\n\r\npicture\r\n--x\r\nA: b\r\n\r\nsecond\r\n--x--\r\n',
  );
  assert.deepEqual(await bodiesOf(inPieces(bare, 30), '--x'), ['picture', 'second']);
});

test('a stream that ends gives its last part, unless its length says that it is not whole', async () => {
  assert.deepEqual(await bodiesOf(inPieces(Buffer.from('--x\r\nA: b\r\n\r\nlast'), 15)), ['last']);
  assert.deepEqual(await bodiesOf(inPieces(Buffer.from(part('cut off').slice(0, -5)), 15)), []);
});

test('a length that is wrong spoils its own part and no other', async () => {
  const wrong = '--x\r\nContent-Length: 3\r\n\r\npicture\r\n';
  assert.deepEqual(await bodiesOf(inPieces(Buffer.from(wrong + part('second')), 40)), ['pic', 'second']);
});

test('a part above the limit is refused before it is held in memory', async () => {
  const limit = { maxPartBytes: 5 };
  const announced = readParts(inPieces(Buffer.from(part('12345678').slice(0, 60)), 3), limit);
  await assert.rejects(Array.fromAsync(announced), { code: 'picture-too-large' });
  const endless = (async function* () {
    yield Buffer.from('--x\r\nA: b\r\n\r\n');
    while (true) yield Buffer.from('1234');
  })();
  await assert.rejects(Array.fromAsync(readParts(endless, limit)), { code: 'picture-too-large' });
});

test('headers without end are refused, in one line or in many', async () => {
  for (const text of ['a', 'a: b\r\n']) {
    const endless = (async function* () {
      while (true) yield Buffer.from(text.repeat(100));
    })();
    await assert.rejects(Array.fromAsync(readParts(endless)), { code: 'source-broken', message: /MJPEG/ });
  }
});
