/** Pictures for players and pages: snapshots, signed links, Basic logins. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ask, open as openStream } from '#test/fakes/ask.ts';
import { ADMIN, API_KEY, openWorld } from '#test/fakes/http-services.ts';
import { jpeg, png } from '#test/fakes/pictures.ts';
import { until } from '#test/fakes/until.ts';

const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});

async function oneCamera(t: TestContext) {
  const open = await openWorld(t);
  await open.world.addSource('cam1');
  const snapshot = `${open.url}/api/stream/cam1/snapshot.jpg`;
  return { ...open, snapshot };
}

async function addUser(url: string, role = 'viewer') {
  const body = { name: 'Ann', role, password: 'a long password' };
  return (await ask(`${url}/api/users`, { method: 'POST', headers: ADMIN, body })).json as { id: string };
}

test('a snapshot is the newest picture, named so that it is sent once', async t => {
  const { world, snapshot } = await oneCamera(t);
  const picture = await jpeg('#ff0000');
  world.watching.put('cam1', { ...picture, at: world.clock.now() - 5000 });
  const first = await ask(snapshot, { headers: ADMIN });
  assert.equal(first.status, 200);
  assert.equal(first.headers['content-type'], 'image/jpeg');
  assert.equal(Number(first.headers['content-length']), picture.image.length, 'as the camera made it');
  assert.equal(first.headers.age, '5');
  assert.equal(first.headers['x-captured-at'], '2025-12-31T23:59:55.000Z');
  const again = { ...ADMIN, 'if-none-match': String(first.headers.etag) };
  assert.equal((await ask(snapshot, { headers: again })).status, 304);
  world.watching.put('cam1', await jpeg('#00ff00'));
  assert.equal((await ask(snapshot, { headers: again })).status, 200);
  const head = await ask(snapshot, { method: 'HEAD', headers: ADMIN });
  assert.deepEqual([head.status, head.text], [200, '']);
});

test('whatever the source sends, a snapshot is a JPEG, and as small as it is wanted', async t => {
  const { world, snapshot } = await oneCamera(t);
  world.watching.put('cam1', await png('#0000ff'));
  const whole = await ask(snapshot, { headers: ADMIN });
  assert.equal(whole.bytes.readUInt16BE(0), 0xffd8);
  const small = await ask(`${snapshot}?width=16&quality=40`, { headers: ADMIN });
  assert.ok(Number(small.headers['content-length']) < 600);
  assert.notEqual(small.headers.etag, whole.headers.etag);
  assert.equal((await ask(`${snapshot}?width=1`, { headers: ADMIN })).json.errors[0].path, 'width');
});

test('while there is no picture, a placeholder says why', async t => {
  const { world, snapshot } = await oneCamera(t);
  world.changeState('cam1', { status: 'error', reason: 'Front <door> does not answer & says nothing.' });
  const first = await ask(snapshot, { headers: ADMIN });
  assert.deepEqual(
    [first.status, first.headers['x-placeholder'], first.headers['content-type']],
    [200, '1', 'image/jpeg'],
  );
  world.changeState('cam1', { reason: 'Another reason' });
  const other = await ask(snapshot, { headers: ADMIN });
  assert.notEqual(other.headers.etag, first.headers.etag);
});

test('a signed link opens one address of one source until it expires', async t => {
  const { world, url } = await oneCamera(t);
  await world.addSource('cam2');
  const body = { sourceId: 'cam1', what: 'snapshot', expiresIn: '1h' };
  const made = await ask(`${url}/api/tokens`, { method: 'POST', headers: ADMIN, body });
  assert.equal(made.status, 201);
  const { token, path, url: whole, expiresAt } = made.json;
  assert.equal(whole, `${url}/${path}`);
  assert.equal(expiresAt, '2026-01-01T01:00:00.000Z');
  const status = async (address: string) => (await ask(`${url}/${address}`)).status;
  assert.equal(await status(path), 200);
  assert.equal(await status(`api/stream/cam2/snapshot.jpg?token=${token}`), 401);
  assert.equal(await status(`api/stream/cam1/mjpeg?token=${token}`), 401);
  assert.equal(await status(`api/sources?token=${token}`), 401);
  assert.equal(await status(`${path}x`), 401);
  await world.clock.advance(3_601_000);
  assert.equal(await status(path), 401);
});

test('a link dies with whoever made it', async t => {
  const { url } = await oneCamera(t);
  const { id } = await addUser(url, 'operator');
  const login = await ask(`${url}/api/auth/login`, {
    method: 'POST',
    body: { name: 'Ann', password: 'a long password' },
  });
  const { path } = (
    await ask(`${url}/api/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${login.json.token}` },
      body: { sourceId: 'cam1', what: 'snapshot' },
    })
  ).json;
  assert.equal((await ask(`${url}/${path}`)).status, 200);
  await ask(`${url}/api/users/${id}`, { method: 'PATCH', headers: ADMIN, body: { groups: ['elsewhere'] } });
  assert.equal((await ask(`${url}/${path}`)).status, 404, 'it shows no more than its maker may see');
  await ask(`${url}/api/users/${id}`, { method: 'DELETE', headers: ADMIN });
  assert.equal((await ask(`${url}/${path}`)).status, 401);
});

test('links are withdrawn: by their maker, by an admin, and by a new password', async t => {
  const { url } = await oneCamera(t);
  const { id } = await addUser(url, 'operator');
  const post = (path: string, headers: Record<string, string>, body: object) =>
    ask(`${url}/api/${path}`, { method: 'POST', headers, body });
  const credentials = { name: 'Ann', password: 'a long password' };
  const login = async () => ({
    authorization: `Bearer ${(await post('auth/login', {}, credentials)).json.token}`,
  });
  const link = async (who: Record<string, string>, sourceId = 'cam1') =>
    (await post('tokens', who, { sourceId, what: 'snapshot' })).json.path;
  const status = async (path: string) => (await ask(`${url}/${path}`)).status;
  const ann = await login();
  const [own, ofHub] = [await link(ann), await link(ADMIN)];
  assert.equal((await post('tokens/withdraw', ann, { which: 'all' })).json.code, 'role-missing');
  assert.equal((await post('tokens/withdraw', ann, { which: 'own' })).status, 204);
  assert.deepEqual([await status(own), await status(ofHub)], [401, 200]);
  const next = await link(ann);
  const password = { password: 'another password' };
  await ask(`${url}/api/users/${id}`, { method: 'PATCH', headers: ADMIN, body: password });
  assert.equal(await status(next), 401);
  assert.equal((await post('tokens/withdraw', ADMIN, { which: 'all' })).status, 204);
  assert.equal(await status(ofHub), 401);
  const long = { sourceId: 'cam1', what: 'snapshot', expiresIn: '366d' };
  assert.equal((await post('tokens', ADMIN, long)).json.errors[0].path, 'expiresIn');
});

test('a link opens no more than its maker might when it was made', async t => {
  const { url, world } = await oneCamera(t);
  const { id } = await addUser(url, 'operator');
  const credentials = { name: 'Ann', password: 'a long password' };
  const login = await ask(`${url}/api/auth/login`, { method: 'POST', body: credentials });
  const { path } = (
    await ask(`${url}/api/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${login.json.token}` },
      body: { sourceId: 'cam1', what: 'snapshot' },
    })
  ).json;
  await world.settings.update(copy => ({
    ...copy,
    sources: copy.sources.map(source => ({ ...source, privacy: { hidden: true } })),
  }));
  await ask(`${url}/api/users/${id}`, { method: 'PATCH', headers: ADMIN, body: { role: 'admin' } });
  assert.equal((await ask(`${url}/${path}`)).json.code, 'role-missing');
});

test('players log in by Basic, at picture addresses only', async t => {
  const { url, snapshot } = await oneCamera(t);
  const { id } = await addUser(url);
  const asked = await ask(snapshot);
  assert.match(String(asked.headers['www-authenticate']), /^Basic realm="Glimpser"/);
  const inPage = await ask(snapshot, { headers: { 'sec-fetch-mode': 'no-cors' } });
  assert.equal(inPage.headers['www-authenticate'], undefined, 'a page would show a window of the browser');
  const right = basic('Ann', 'a long password');
  assert.equal((await ask(snapshot, { headers: right })).status, 200);
  assert.equal((await ask(snapshot, { headers: right })).status, 200);
  assert.equal((await ask(snapshot, { headers: basic('nvr', API_KEY) })).status, 200);
  assert.equal(
    (await ask(snapshot, { headers: basic('Ann', 'a wrong password') })).json.code,
    'login-failed',
  );
  assert.equal((await ask(`${url}/api/sources`, { headers: right })).status, 401);
  await ask(`${url}/api/users/${id}`, {
    method: 'PATCH',
    headers: ADMIN,
    body: { password: 'another password' },
  });
  assert.equal((await ask(snapshot, { headers: right })).status, 401, 'what was remembered is forgotten');
});

test('stills in a shape of their own are limited; as it is, a picture may be asked for 200 times a second', async t => {
  const { world, snapshot } = await oneCamera(t);
  world.watching.put('cam1', await jpeg('#ff0000'));
  const asked = async (count: number, query: string) => {
    const answers = Array.from({ length: count }, () => ask(snapshot + query, { headers: ADMIN }));
    return new Set((await Promise.all(answers)).map(({ status }) => status));
  };
  for (let i = 0; i < 4; i++) assert.deepEqual(await asked(200, ''), new Set([200]));
  for (let i = 0; i < 3; i++) assert.deepEqual(await asked(200, '?width=32'), new Set([200]));
  assert.deepEqual(await asked(1, '?width=32'), new Set([429]));
  await world.clock.advance(1000);
  assert.deepEqual(await asked(50, '?quality=50'), new Set([200]));
});

test('one person gets 24 streams in shapes of their own, and any number as they come', async t => {
  const { world, url } = await oneCamera(t);
  world.watching.put('cam1', await jpeg('#ff0000'));
  const look = async (query: string) => {
    const response = await openStream(`${url}/api/stream/cam1/mjpeg${query}`, { headers: ADMIN });
    response.on('error', () => undefined);
    return response;
  };
  const open = await Promise.all(Array.from({ length: 24 }, (_, i) => look(`?width=${32 * (i + 1)}`)));
  const more = await Promise.all([look('?width=1600'), look('?width=64'), look('')]);
  assert.deepEqual(
    more.map(({ statusCode }) => statusCode),
    [429, 200, 200],
  );
  for (const response of [...open, ...more]) response.destroy();
  await until('they have left', () => world.watching.listeners('cam1') === 0);
  const after = await look('?width=1600');
  assert.equal(after.statusCode, 200);
  after.destroy();
});

test('guessing by Basic is slowed down like any login', async t => {
  const { url, snapshot } = await oneCamera(t);
  await addUser(url);
  const codes: string[] = [];
  for (let i = 0; i < 6; i++)
    codes.push((await ask(snapshot, { headers: basic('Ann', `wrong ${i}`) })).json.code);
  assert.deepEqual(codes, [...Array(5).fill('login-failed'), 'too-many-requests']);
});

test('who loses the right to look while they look is shown out', async t => {
  const { url, world } = await oneCamera(t);
  const made = await ask(`${url}/api/keys`, {
    method: 'POST',
    headers: ADMIN,
    body: { name: 'NVR', role: 'viewer' },
  });
  const headers = { 'x-api-key': made.json.secret };
  const stream = await openStream(`${url}/api/stream/cam1/mjpeg`, { headers });
  let isOpen = true;
  stream.resume().once('close', () => {
    isOpen = false;
  });
  stream.once('error', () => undefined);
  await world.clock.advance(10_000);
  assert.equal(isOpen, true);
  await ask(`${url}/api/keys/${made.json.key.id}`, { method: 'DELETE', headers: ADMIN });
  await world.clock.advance(10_000);
  await until('the stream is closed', () => !isOpen);
  await until('nobody listens any more', () => world.watching.listeners('cam1') === 0);
});
