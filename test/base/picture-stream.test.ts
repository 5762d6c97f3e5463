import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { streamPictures } from '#server/base/picture-stream.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { jpegOf } from '#test/peers/http-camera.ts';

const teal = await jpegOf(64, 48);
const tomato = await jpegOf(32, 24, 'tomato');
const part = (image: Buffer) =>
  Buffer.concat([Buffer.from(`--x\r\nContent-Length: ${image.length}\r\n\r\n`), image, Buffer.from('\r\n')]);

function open(everyMs = 0) {
  const clock = new FakeClock();
  const pipe = new PassThrough();
  const notes: string[] = [];
  const note = (line: string) => void notes.push(line);
  let dropped = 0;
  const pictures = streamPictures(pipe, {
    name: 'Yard',
    clock,
    everyMs,
    note,
    dropped: () => void dropped++,
  });
  return { clock, pipe, notes, pictures, dropped: () => dropped };
}

test('each picture is told with its size and the time of its arrival', async () => {
  const { clock, pipe, pictures } = open();
  await clock.advance(1500);
  pipe.write(part(teal));
  const { value } = await pictures.next();
  assert.deepEqual(value, { image: teal, type: 'image/jpeg', width: 64, height: 48, at: clock.now() });
  pipe.end();
  assert.deepEqual(await pictures.next(), { done: true, value: undefined });
  assert.equal(clock.waiting, 0);
});

test('a slow reader gets the newest picture, and the stream is drained meanwhile', async () => {
  const { pipe, pictures, dropped } = open();
  pipe.write(part(teal));
  await pictures.next();
  for (let i = 0; i < 500; i++) pipe.write(part(teal));
  pipe.write(part(tomato));
  await settle();
  assert.equal(pipe.readableLength + pipe.writableLength, 0);
  assert.equal(dropped(), 500, 'each that was left out is told');
  const { value } = await pictures.next();
  assert.deepEqual(value?.image, tomato);
  pipe.end();
  assert.equal((await pictures.next()).done, true);
});

test('20 s without a first picture are silence; after one, silence is for others to judge', async () => {
  const silent = open();
  const refused = assert.rejects(silent.pictures.next(), {
    code: 'source-silent',
    message: /^Yard accepted/,
  });
  await silent.clock.advance(19_999);
  silent.pipe.write('--x\r\nContent-Length: 9000\r\n\r\ndrip');
  await silent.clock.advance(1);
  await refused;
  const stalled = open();
  stalled.pipe.write(part(teal));
  await stalled.pictures.next();
  const next = stalled.pictures.next();
  await stalled.clock.advance(60_000);
  stalled.pipe.end();
  assert.equal((await next).done, true);
});

test('damaged pictures are left out and noted; ten in a row are a failure', async () => {
  const { pipe, pictures, notes } = open();
  const cut = part(teal.subarray(0, -40));
  for (let i = 0; i < 9; i++) pipe.write(cut);
  pipe.write(part(teal));
  assert.deepEqual((await pictures.next()).value?.image, teal);
  assert.equal(notes.length, 9);
  assert.match(notes[0] ?? '', /left out: The picture is cut off/);
  for (let i = 0; i < 10; i++) pipe.write(cut);
  await assert.rejects(pictures.next(), { code: 'source-broken', message: /^Yard sends only damaged/ });
});

test('pictures that come too often are left out', async () => {
  const { clock, pipe, pictures } = open(1000);
  const taken = Array.fromAsync(pictures);
  for (let i = 0; i < 30; i++) {
    pipe.write(part(teal));
    await clock.advance(100);
  }
  pipe.end();
  assert.equal((await taken).length, 3);
});

test('a stream that breaks is told to the reader', async () => {
  const { pipe, pictures } = open();
  pipe.destroy(new Error('the cable was cut'));
  await assert.rejects(pictures.next(), /the cable was cut/);
});

test('a reader that leaves leaves no timer behind', async () => {
  const { clock, pipe, pictures } = open();
  pipe.write(part(teal));
  for await (const _picture of pictures) break;
  assert.equal(clock.waiting, 0);
  pipe.destroy();
});
