/** Walls: several sources as one live picture, for whom they are, made once, and only while somebody looks. */
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { type TestContext, test } from 'node:test';
import sharp from 'sharp';
import { readParts } from '#server/base/multipart.ts';
import { ask, open } from '#test/fakes/ask.ts';
import type { FakeClock } from '#test/fakes/clock.ts';
import { ADMIN, openWorld } from '#test/fakes/http-services.ts';
import { jpeg, png } from '#test/fakes/pictures.ts';
import { until } from '#test/fakes/until.ts';

const COLOURS = { r: [255, 0, 0], g: [0, 255, 0], b: [0, 0, 255], w: [255, 255, 255] } as const;

/** Four cameras, each of one colour, two of them in the yard; the last one is hidden and gives PNG. */
async function fourCameras(t: TestContext) {
  const opened = await openWorld(t);
  const { world, url } = opened;
  const groups = { cam1: ['yard'], cam2: ['yard', 'house'], cam3: ['house'], cam4: [] };
  for (const [id, of] of Object.entries(groups)) {
    await world.addSource(id, { groups: of, privacy: { hidden: id === 'cam4' } });
    world.changeState(id, { isOnline: true, status: 'ok' });
  }
  world.watching.put('cam1', await jpeg('#ff0000'));
  world.watching.put('cam2', await jpeg('#00ff00'));
  world.watching.put('cam3', await jpeg('#0000ff'));
  world.watching.put('cam4', await png('#ffffff'));
  const keyOf = async (more: object) => {
    const body = { name: 'wall', role: 'viewer', ...more };
    const made = await ask(`${url}/api/keys`, { method: 'POST', headers: ADMIN, body });
    return { 'x-api-key': String(made.json.secret) };
  };
  const look = async (path: string, headers: Record<string, string> = ADMIN) => {
    const response = await open(`${url}/api/stream/${path}`, { headers });
    t.after(() => void response.destroy());
    return { response, bodies: bodiesOf(response) };
  };
  const listeners = () => Object.keys(groups).map(id => world.watching.listeners(id));
  return { ...opened, keyOf, look, listeners };
}

function bodiesOf(response: IncomingMessage): AsyncIterator<Buffer> {
  const bodies = async function* () {
    for await (const { body } of readParts(response)) yield body;
  };
  return bodies();
}

/** The colours of a wall, tile by tile and row by row; `-` is none of them. */
async function tilesOf(image: Buffer, columns: number, rows: number): Promise<string> {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  const colourAt = (column: number, row: number) => {
    const [x, y] = [column, row].map(place => place + 0.4) as [number, number];
    const at =
      (Math.floor((y * info.height) / rows) * info.width + Math.floor((x * info.width) / columns)) *
      info.channels;
    const near = Object.entries(COLOURS).find(([, rgb]) =>
      rgb.every((want, i) => Math.abs((data[at + i] ?? 0) - want) < 40),
    );
    return near?.[0] ?? '-';
  };
  return Array.from({ length: columns * rows }, (_, i) =>
    colourAt(i % columns, Math.floor(i / columns)),
  ).join('');
}

/** Lets time pass until something has come. */
async function passing(clock: FakeClock, coming: Promise<unknown>): Promise<void> {
  let isHere = false;
  const here = coming.then(() => {
    isHere = true;
  });
  await until('the next picture', async () => {
    await clock.advance(250);
    return isHere;
  });
  await here;
}

async function next(bodies: AsyncIterator<Buffer>): Promise<Buffer> {
  const { value } = await bodies.next();
  assert.ok(value, 'a picture comes');
  return value;
}

test('all that one may see is one picture, with a name on each tile', async t => {
  const { keyOf, look } = await fourCameras(t);
  const { response, bodies } = await look('wall/mjpeg?width=640');
  assert.match(String(response.headers['content-type']), /^multipart\/x-mixed-replace;boundary=/);
  const image = await next(bodies);
  const { width, height } = await sharp(image).metadata();
  assert.deepEqual([width, height], [640, 360]);
  assert.equal(await tilesOf(image, 2, 2), 'rgbw');
  const bar = await sharp(image).extract({ left: 0, top: 167, width: 320, height: 12 }).stats();
  assert.ok((bar.channels[1]?.max ?? 0) > 150, 'a name in white on the red tile');

  const viewer = await look('wall/mjpeg', await keyOf({}));
  assert.equal(await tilesOf(await next(viewer.bodies), 2, 2), 'rgb-', 'hidden pictures are for admins');
  const guest = await look('wall/mjpeg', await keyOf({ groups: ['house'] }));
  assert.equal(await tilesOf(await next(guest.bodies), 2, 1), 'gb');
});

test('a group is a picture of its own, and does not exist for those who may not see it', async t => {
  const { url, keyOf, look } = await fourCameras(t);
  const yard = await look('group/yard/mjpeg');
  assert.equal(await tilesOf(await next(yard.bodies), 2, 1), 'rg');
  const guest = await keyOf({ groups: ['house'] });
  for (const [group, headers] of [
    ['nowhere', ADMIN],
    ['yard', guest],
  ] as const) {
    const answer = await ask(`${url}/api/stream/group/${group}/mjpeg`, { headers });
    assert.deepEqual([answer.status, answer.json.code], [404, 'not-found'], group);
  }
  assert.equal((await ask(`${url}/api/stream/wall/mjpeg`)).status, 401);
});

test('new pictures come twice a second at most, and what is lost is said in its tile', async t => {
  const { world, look } = await fourCameras(t);
  const { bodies } = await look('group/yard/mjpeg');
  assert.equal(await tilesOf(await next(bodies), 2, 1), 'rg');
  for (const colour of ['#00ff00', '#ffffff', '#0000ff']) world.watching.put('cam1', await jpeg(colour));
  const coming = next(bodies);
  await passing(world.clock, coming);
  assert.equal(await tilesOf(await coming, 2, 1), 'bg', 'the newest alone is shown');
  world.changeState('cam2', { isOnline: false, status: 'error', reason: 'It does not answer.' });
  world.watching.put('cam1', await jpeg('#ff0000'));
  const later = next(bodies);
  await passing(world.clock, later);
  assert.equal(await tilesOf(await later, 2, 1), 'r-');
});

test('those who see the same share one picture, and nothing is made when nobody looks', async t => {
  const { world, keyOf, look, listeners } = await fourCameras(t);
  const latest = world.watching.latest.bind(world.watching);
  const asked: string[] = [];
  world.watching.latest = id => {
    asked.push(id);
    return latest(id);
  };
  const admin = await look('group/house/mjpeg');
  const guest = await look('wall/mjpeg', await keyOf({ groups: ['house'] }));
  const both = [admin, guest];
  const begun = Promise.all(both.map(({ bodies }) => next(bodies)));
  await passing(world.clock, begun);
  const first = await begun;
  assert.deepEqual(first[0], first[1]);
  await world.clock.advance(1000);
  asked.length = 0;
  const coming = Promise.all(both.map(({ bodies }) => next(bodies)));
  world.watching.put('cam3', await jpeg('#ff0000'));
  const second = await coming;
  assert.equal(await tilesOf(second[0] ?? Buffer.alloc(0), 2, 1), 'gr');
  assert.deepEqual(asked, ['cam2', 'cam3'], 'made once for both');
  assert.deepEqual(listeners(), [0, 2, 2, 0]);
  for (const { response } of both) response.destroy();
  await until('nobody listens', () => listeners().join('') === '0000');
});

test('a wall follows what comes, goes and is hidden, and ends for whoever loses the right to it', async t => {
  const { world, url, keyOf, look, listeners } = await fourCameras(t);
  const made = await keyOf({ groups: ['yard'] });
  const { bodies } = await look('wall/mjpeg', made);
  assert.equal(await tilesOf(await next(bodies), 2, 1), 'rg');
  await world.settings.update(copy => ({
    ...copy,
    sources: copy.sources.map(source => (source.id === 'cam1' ? { ...source, enabled: false } : source)),
  }));
  const coming = next(bodies);
  world.watching.put('cam2', await jpeg('#ffffff'));
  await passing(world.clock, coming);
  assert.equal(await tilesOf(await coming, 1, 1), 'w');
  assert.deepEqual(listeners(), [0, 1, 0, 0]);
  const { items } = (await ask(`${url}/api/keys`, { headers: ADMIN })).json;
  await ask(`${url}/api/keys/${items[0].id}`, { method: 'DELETE', headers: ADMIN });
  const ended = assert.rejects(async () => {
    while (!(await bodies.next()).done);
    throw new Error('the stream has ended');
  });
  await passing(world.clock, ended);
});

test('a wall without sources, and one with a picture that is none, still answers', async t => {
  const { world, look } = await fourCameras(t);
  world.watching.put('cam1', { ...(await jpeg('#ff0000')), image: Buffer.from('no picture') });
  const broken = await look('group/yard/mjpeg?fps=1');
  assert.equal(await tilesOf(await next(broken.bodies), 2, 1), '-g');
  await world.settings.update(copy => ({ ...copy, sources: [] }));
  const empty = await look('wall/mjpeg?width=320');
  assert.equal((await sharp(await next(empty.bodies)).metadata()).width, 320);
});

test('at most sixteen sources are on a wall', async t => {
  const { world, look } = await fourCameras(t);
  for (let i = 5; i <= 18; i++) await world.addSource(`cam${i}x`, { groups: [] });
  const { bodies } = await look('wall/mjpeg?width=640');
  assert.equal((await tilesOf(await next(bodies), 4, 4)).slice(0, 4), 'rgbw');
});
