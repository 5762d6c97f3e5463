import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readParts } from '#server/base/multipart.ts';

const part = (body: string) =>
  `--x\r\nContent-Type: image/jpeg\r\nContent-Length: ${body.length}\r\n\r\n${body}\r\n`;

async function* inPieces(bytes: Buffer, at: number): AsyncGenerator<Buffer> {
  yield bytes.subarray(0, at);
  yield bytes.subarray(at);
}

test('parts are the same wherever the stream is cut in two', async () => {
  const bytes = Buffer.from(part('first\r\n--x inside') + part('second'));
  for (let at = 0; at <= bytes.length; at++) {
    const bodies = (await Array.fromAsync(readParts(inPieces(bytes, at)))).map(({ body }) => body.toString());
    assert.deepEqual(bodies, ['first\r\n--x inside', 'second'], `cut at ${at}`);
  }
});

test('a part that arrived in one piece is not copied', async () => {
  const bytes = Buffer.from(part('picture'));
  const [only] = await Array.fromAsync(readParts(inPieces(bytes, 0)));
  assert.equal(only?.body.buffer, bytes.buffer);
});

test('a part above the limit and headers without end are refused', async () => {
  const large = readParts(inPieces(Buffer.from(part('12345678')), 3), { maxPartBytes: 5 });
  await assert.rejects(Array.fromAsync(large), { code: 'picture-too-large' });
  const endless = readParts(inPieces(Buffer.alloc(20_000, 'a'), 9000));
  await assert.rejects(Array.fromAsync(endless), { code: 'source-broken' });
});
