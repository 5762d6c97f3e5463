/** Frozen pictures are told from pictures that are still for good reasons. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { cameraPictures } from '#server/base/camera-pictures.ts';
import { systemClock } from '#server/base/clock.ts';
import { FreezeWatch } from '#server/base/freeze.ts';
import { Interest } from '#server/base/interest.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { fakeFfmpeg } from '#test/fakes/fake-program.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { jpegOf } from '#test/peers/http-camera.ts';

/** Feeds pictures a second apart; answers after which one the watch called them frozen. */
async function frozenAfter(pictures: Iterable<string>, everyMs = 1000): Promise<number | undefined> {
  const clock = new FakeClock();
  const watch = new FreezeWatch(clock);
  let count = 0;
  for (const picture of pictures) {
    count++;
    if (watch.isFrozen(Buffer.from(picture))) return count;
    await clock.advance(everyMs);
  }
  return undefined;
}

function* moving(count: number): Generator<string> {
  for (let i = 0; i < count; i++) yield `moving ${i}`;
}

function* still(count: number): Generator<string> {
  for (let i = 0; i < count; i++) yield 'still';
}

test('a picture that moved and then stands still for half a minute is frozen', async () => {
  assert.equal(await frozenAfter([...moving(10), ...still(100)]), 41);
});

test('a cover, a test card, a dark room: what never moved is not frozen', async () => {
  assert.equal(await frozenAfter(still(10_000)), undefined);
});

test('a cover that appears after a single picture is not frozen', async () => {
  assert.equal(await frozenAfter([...moving(2), ...still(1000)]), undefined);
});

test('a picture that changes now and then is not frozen', async () => {
  const slow = Array.from({ length: 40 }, (_, i) => Array<string>(25).fill(`picture ${i}`)).flat();
  assert.equal(await frozenAfter(slow), undefined);
});

test('stills that are far apart have to be the same several times', async () => {
  assert.equal(await frozenAfter([...moving(5), ...still(4)], 60_000), undefined);
  assert.equal(await frozenAfter([...moving(5), ...still(5)], 60_000), 10);
});

test('a camera that freezes is given up in words, by way of a program that goes on sending', async t => {
  const folder = await temporaryFolder(t);
  const parts = await Promise.all(
    ['red', 'green', 'blue', 'teal', 'tomato'].map(async (colour, index) => {
      const image = await jpegOf(64, 48, colour);
      const head = `--ffmpeg\r\nContent-type: image/jpeg\r\nContent-length: ${image.length}\r\n\r\n`;
      await writeFile(
        join(folder, `${index}`),
        Buffer.concat([Buffer.from(head), image, Buffer.from('\r\n')]),
      );
      return join(folder, `${index}`);
    }),
  );
  const moves = parts.map(part => `cat ${part} >&3; sleep 0.1`).join('\n');
  const ffmpeg = await fakeFfmpeg(t, `${moves}\nwhile :; do cat ${parts[4]} >&3 || exit 0; sleep 0.05; done`);
  const hasty = { ...systemClock, monotonic: () => 50 * performance.now() };
  const seen: string[] = [];
  const run = cameraPictures({
    ...{ ffmpeg, name: 'Desk', clock: hasty, signal: new AbortController().signal, looking: new Interest() },
    input: { from: 'v4l2', device: '/dev/video0' },
    sound: 'none',
    picture: { everyMs: 0, width: 0, quality: 80, decode: 'full' },
    ...{ stillEveryMs: 10_000, isSingle: false, inlet: undefined },
    note: () => undefined,
    alive: () => undefined,
    dropped: () => undefined,
    measured: () => undefined,
  });
  const reading = (async () => {
    for await (const { image } of run) seen.push(image.toString('base64'));
  })();
  await assert.rejects(reading, { code: 'source-silent', message: /^Desk sends one and the same picture/ });
  assert.ok(new Set(seen).size >= 4);
});
