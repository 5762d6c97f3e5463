/** Those who look: two hundred at once with one who never reads, and a hub that is too busy to read its own cameras. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readParts } from '#server/base/multipart.ts';
import { open } from '#test/fakes/ask.ts';
import { ADMIN, openWorld } from '#test/fakes/http-services.ts';
import { jpeg } from '#test/fakes/pictures.ts';
import { watchReal } from '#test/fakes/real-watch.ts';
import { until } from '#test/fakes/until.ts';

const READERS = 199;
const PICTURES = 10;
const BYTES = 100_000;

test('of two hundred viewers one never reads: the others get every newest picture, and nobody is sent away', async t => {
  const { world, url } = await openWorld(t);
  await world.addSource('cam1', { name: 'Yard' });
  world.changeState('cam1', { isOnline: true, status: 'ok' });
  world.watching.put('cam1', await jpeg('#000000'));
  const look = async () => {
    const response = await open(`${url}/api/stream/cam1/mjpeg`, { headers: ADMIN });
    t.after(() => void response.destroy());
    return response;
  };
  (await look()).pause();
  const newest = new Array<Buffer>(READERS);
  const read = async (reader: number) => {
    for await (const { body } of readParts(await look())) newest[reader] = body;
  };
  // They end with the test.
  for (let reader = 0; reader < READERS; reader++) read(reader).catch(() => undefined);
  await until('all look', () => world.watching.viewers('cam1') === READERS + 1);
  for (let shade = 1; shade <= PICTURES; shade++) {
    const picture = await jpeg(`#0000${(shade * 10).toString(16).padStart(2, '0')}`, BYTES);
    world.watching.put('cam1', picture);
    await until(`all others have picture ${shade}`, () => newest.every(body => body?.equals(picture.image)));
  }
  assert.equal(world.watching.viewers('cam1'), READERS + 1);
});

test('a hub that is too busy to read for a while finds the newest pictures afterwards, and no camera is lost', async () => {
  const card = { kind: 'test', options: { width: 320, height: 192, label: false, fps: 20 } };
  await using watched = await watchReal([card]);
  await watched.more();
  const endAt = performance.now() + 2000;
  while (performance.now() < endAt) Math.random();
  const busyUntil = Date.now();
  await until(
    'a picture from after that',
    () => (watched.watch.latest('source01')?.at ?? 0) > busyUntil + 500,
  );
  assert.deepEqual(watched.failures(), []);
});
