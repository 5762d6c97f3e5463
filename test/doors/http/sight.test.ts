/** Who is limited to groups sees nothing else, wherever they ask. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ask } from '#test/fakes/ask.ts';
import { ADMIN, openWorld } from '#test/fakes/http-services.ts';
import { jpeg } from '#test/fakes/pictures.ts';

/** Two cameras, one in the group of a limited key; both with a capture and an event. */
async function twoYards(t: TestContext, role = 'operator') {
  const open = await openWorld(t);
  const { world, history, url } = open;
  await ask(`${url}/api/groups`, { method: 'POST', headers: ADMIN, body: { id: 'yard', name: 'Yard' } });
  await ask(`${url}/api/groups`, { method: 'POST', headers: ADMIN, body: { id: 'house', name: 'House' } });
  await world.addSource('cam1', { groups: ['yard'] });
  await world.addSource('cam2', { groups: ['house'] });
  const opened = {
    type: 'source_lost' as const,
    openedAt: '2026-01-01T00:00:00.000Z',
    closedAt: null,
    summary: 'Gone',
  };
  for (const id of ['cam1', 'cam2']) {
    world.watching.put(id, await jpeg('#123456'));
    await ask(`${url}/api/sources/${id}/capture`, { method: 'POST', headers: ADMIN });
    await history.events.open({ id: `event-${id}`, sourceId: id, ...opened });
  }
  const body = { name: 'Limited', role, groups: ['yard'] };
  const { secret } = (await ask(`${url}/api/keys`, { method: 'POST', headers: ADMIN, body })).json;
  const asLimited = (path: string, method = 'GET', sent?: unknown) =>
    ask(url + path, { method, headers: { 'x-api-key': secret }, body: sent });
  return { ...open, asLimited };
}

test('lists hold only what one may see', async t => {
  const { asLimited } = await twoYards(t);
  const lists: Array<[string, (item: Record<string, string>) => string | undefined]> = [
    ['/api/sources', item => item['id']],
    ['/api/states', item => item['sourceId']],
    ['/api/streams', item => item['id']],
    ['/api/captures', item => item['sourceId']],
    ['/api/events', item => item['sourceId']],
    ['/api/entities?source=cam1', item => item['sourceId']],
  ];
  for (const [path, idOf] of lists) {
    const { items } = (await asLimited(path)).json;
    assert.ok(items.length > 0, path);
    assert.deepEqual([...new Set(items.map(idOf))], ['cam1'], path);
  }
  const entities = (await asLimited('/api/entities')).json.items;
  assert.ok(!entities.some((one: { sourceId: string }) => one.sourceId === 'cam2'));
  assert.deepEqual(
    (await asLimited('/api/groups')).json.items.map((one: { id: string }) => one.id),
    ['yard'],
  );
  assert.equal((await asLimited('/api/info')).json.sources.total, 1);
  const agenda = (await asLimited('/api/schedule')).json.sources;
  assert.deepEqual(
    agenda.map((one: { sourceId: string }) => one.sourceId),
    ['cam1'],
  );
});

test('what one may not see does not exist, by any address', async t => {
  const { asLimited, history } = await twoYards(t);
  const hidden = (await history.captures.list({ sourceIds: ['cam2'] })).items[0];
  const reads = ['', '/state', '/attempts', '/log', '/diagnostics', '/stats'].map(
    end => `/api/sources/cam2${end}`,
  );
  const others = [
    '/api/stream/cam2/snapshot.jpg',
    '/api/stream/cam2/mjpeg',
    '/api/stream/cam2/viewers',
    '/api/captures?source=cam2',
    `/api/captures/${hidden?.id}`,
    `/api/captures/${hidden?.id}/picture`,
    '/api/events?source=cam2',
    '/api/events/event-cam2',
    '/api/entities?source=cam2',
    '/api/entities/cam2.connection',
  ];
  for (const path of [...reads, ...others]) assert.equal((await asLimited(path)).status, 404, path);
  const verbs = ['enable', 'disable', 'capture', 'restart', 'back-off/reset'];
  for (const verb of verbs)
    assert.equal((await asLimited(`/api/sources/cam2/${verb}`, 'POST')).status, 404, verb);
  assert.equal((await asLimited('/api/sources/cam2', 'PATCH', { name: 'Mine' })).status, 404);
  assert.equal((await asLimited(`/api/captures/${hidden?.id}`, 'DELETE')).status, 404);
  assert.equal((await asLimited(`/api/captures/${hidden?.id}`, 'PATCH', { isStarred: true })).status, 404);
  assert.equal((await asLimited('/api/sources/order', 'POST', { ids: ['cam2', 'cam1'] })).status, 404);
  assert.equal((await asLimited('/api/tokens', 'POST', { sourceId: 'cam2', what: 'mjpeg' })).status, 404);
  assert.equal((await asLimited('/api/entities/cam2.enabled', 'POST', { value: 'OFF' })).status, 404);
});

test('hidden pictures are for admins; what is known of the source is not hidden', async t => {
  const { asLimited, url } = await twoYards(t);
  const hide = { privacy: { hidden: true } };
  assert.equal(
    (await ask(`${url}/api/sources/cam1`, { method: 'PATCH', headers: ADMIN, body: hide })).status,
    200,
  );
  assert.equal((await asLimited('/api/sources/cam1/state')).status, 200);
  for (const path of ['snapshot.jpg', 'mjpeg']) {
    assert.equal((await asLimited(`/api/stream/cam1/${path}`)).json.code, 'role-missing', path);
  }
  assert.deepEqual((await asLimited('/api/captures')).json.items, []);
  assert.deepEqual((await asLimited('/api/streams')).json.items, []);
  assert.equal((await ask(`${url}/api/stream/cam1/snapshot.jpg`, { headers: ADMIN })).status, 200);
});

test('secrets are masked for everybody, and what an address carries for all but admins', async t => {
  const { asLimited, url } = await twoYards(t, 'viewer');
  const mine = await asLimited('/api/sources/cam1');
  assert.deepEqual(mine.json.options, {
    url: 'rtsp://10.0.0.5/1?pwd=***',
    username: 'ann',
    password: '********',
  });
  for (const path of [
    '/api/sources',
    '/api/sources/export',
    '/api/sources/cam1',
    '/api/sources/cam1/diagnostics',
  ]) {
    assert.ok(!(await ask(url + path, { headers: ADMIN })).text.includes('tulip'), path);
  }
  const bundle = await ask(`${url}/api/sources/cam1/diagnostics`, { headers: ADMIN });
  assert.ok(!bundle.text.includes('inurl'), 'a bundle is passed on to others');
});

test('who orders some sources leaves the others where they are', async t => {
  const { asLimited, world } = await twoYards(t);
  await world.addSource('cam3', { groups: ['yard'] });
  assert.equal((await asLimited('/api/sources/order', 'POST', { ids: ['cam3', 'cam1'] })).status, 204);
  assert.deepEqual(
    world.sources.list().map(source => source.id),
    ['cam3', 'cam2', 'cam1'],
  );
});

test('operators change what is said of a source, never where it leads', async t => {
  const { asLimited } = await twoYards(t);
  const patch = (body: object) => asLimited('/api/sources/cam1', 'PATCH', body);
  assert.equal((await patch({ name: 'Gate', notes: 'North', schedule: '10s' })).json.name, 'Gate');
  for (const body of [
    { options: { url: 'rtsp://evil' } },
    { groups: [] },
    { kind: 'page' },
    { privacy: {} },
  ]) {
    const refused = await patch(body);
    assert.equal(refused.json.code, 'role-missing', JSON.stringify(body));
  }
  assert.equal((await patch({ id: 'other' })).status, 422);
});
