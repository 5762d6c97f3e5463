/** The fan-out of live pictures through real sockets: one part for all, the newest for the slow, nobody held up. */
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { type TestContext, test } from 'node:test';
import { readParts } from '#server/base/multipart.ts';
import { open } from '#test/fakes/ask.ts';
import { ADMIN, openWorld } from '#test/fakes/http-services.ts';
import { jpeg } from '#test/fakes/pictures.ts';
import { until } from '#test/fakes/until.ts';

async function oneCamera(t: TestContext) {
  const opened = await openWorld(t);
  await opened.world.addSource('cam1', { name: 'Yard' });
  opened.world.changeState('cam1', { isOnline: true, status: 'ok' });
  const look = async (query = '') => {
    const response = await open(`${opened.url}/api/stream/cam1/mjpeg${query}`, { headers: ADMIN });
    t.after(() => void response.destroy());
    return response;
  };
  return { ...opened, look };
}

/** Bodies of the parts, as they come. */
function bodiesOf(response: IncomingMessage): AsyncIterator<Buffer> {
  const bodies = async function* () {
    for await (const { body } of readParts(response)) yield body;
  };
  return bodies();
}

test('a viewer gets the picture in memory at once and then each that comes, untouched', async t => {
  const { world, look } = await oneCamera(t);
  const [first, second] = [await jpeg('#ff0000'), await jpeg('#00ff00')];
  world.watching.put('cam1', first);
  const response = await look();
  assert.match(String(response.headers['content-type']), /^multipart\/x-mixed-replace;boundary=/);
  assert.equal(response.headers['transfer-encoding'], undefined, 'players do not read chunks');
  const bodies = bodiesOf(response);
  assert.deepEqual((await bodies.next()).value, first.image);
  world.watching.put('cam1', second);
  assert.deepEqual((await bodies.next()).value, second.image);
});

test('the boundary of the next part comes along, so that browsers paint at once', async t => {
  const { world, look } = await oneCamera(t);
  world.watching.put('cam1', await jpeg('#ff0000'));
  const response = await look();
  let text = '';
  response.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  await until('the part and the boundary of the next are there', () =>
    text.endsWith('\xff\xd9\r\n--frame\r\n'),
  );
});

test('while there is no picture, a placeholder comes at once', async t => {
  const { world, look } = await oneCamera(t);
  world.changeState('cam1', { isOnline: false, status: 'error', reason: 'Yard does not answer.' });
  const { value } = await bodiesOf(await look()).next();
  assert.equal(value?.readUInt16BE(0), 0xffd8);
});

test('a viewer who never reads is given the newest only and holds up nobody', async t => {
  const { world, url, look } = await oneCamera(t);
  world.watching.put('cam1', await jpeg('#000000'));
  const stuck = await look();
  stuck.pause();
  const bodies = bodiesOf(await look());
  await bodies.next();
  const pictures = 40;
  for (let i = 0; i < pictures; i++) {
    // More than what the kernel takes for one connection in the end.
    const picture = await jpeg(`#0000${i.toString(16).padStart(2, '0')}`, 500_000);
    world.watching.put('cam1', picture);
    assert.deepEqual((await bodies.next()).value, picture.image);
  }
  const { viewers, sent, dropped } = (await (
    await fetch(`${url}/api/stream/cam1/viewers`, { headers: ADMIN })
  ).json()) as { viewers: number; sent: number; dropped: number };
  assert.equal(viewers, 2);
  assert.ok(dropped > 0, 'what the one could not take was replaced, not queued');
  assert.ok(sent >= pictures);
});

test('fewer pictures a second are sent to whoever asks for fewer', async t => {
  const { world, look } = await oneCamera(t);
  world.watching.put('cam1', await jpeg('#000000'));
  const bodies = bodiesOf(await look('?fps=1'));
  await bodies.next();
  const [due, early, later] = [await jpeg('#111111'), await jpeg('#222222'), await jpeg('#333333')];
  world.watching.put('cam1', due);
  assert.deepEqual((await bodies.next()).value, due.image);
  await world.clock.advance(500);
  world.watching.put('cam1', early);
  await world.clock.advance(600);
  world.watching.put('cam1', later);
  assert.deepEqual((await bodies.next()).value, later.image);
});

test('viewers are counted as they come and go, and a removed source ends nothing else', async t => {
  const { world, look } = await oneCamera(t);
  world.watching.put('cam1', await jpeg('#000000'));
  const [one, two] = [await look(), await look()];
  await until('both count', () => world.watching.viewers('cam1') === 2);
  one.destroy();
  await until('one has left', () => world.watching.viewers('cam1') === 1);
  two.destroy();
  await until('nobody looks and nothing listens', () => world.watching.listeners('cam1') === 0);
});
