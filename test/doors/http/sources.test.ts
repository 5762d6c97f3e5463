import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '#test/fakes/ask.ts';
import { ADMIN, type OpenWorld, openWorld } from '#test/fakes/http-services.ts';
import { jpeg } from '#test/fakes/pictures.ts';

const door = {
  name: 'Door',
  kind: 'cam',
  options: { url: 'rtsp://10.0.0.5/1', username: 'ann', password: 'tulip' },
};

const asker =
  ({ url }: OpenWorld) =>
  (method: string, path: string, body?: unknown) =>
    ask(`${url}/api/sources${path}`, { method, headers: ADMIN, body });

test('a source is created, read, replaced and removed; its secret is kept and never shown', async t => {
  const open = await openWorld(t);
  const send = asker(open);
  const made = await send('POST', '', door);
  assert.equal(made.status, 201);
  const { id } = made.json;
  assert.equal(made.json.options.password, '********');
  const replaced = await send('PUT', `/${id}`, { ...made.json, name: 'Gate' });
  assert.equal(replaced.json.name, 'Gate');
  assert.equal(open.world.sources.get(id).options['password'], 'tulip');
  const changed = await send('PATCH', `/${id}`, {
    options: { url: 'rtsp://10.0.0.6/1' },
    keep: { newest: 5 },
  });
  assert.equal(changed.json.options.username, 'ann', 'options are merged by key');
  assert.deepEqual(changed.json.keep, { every: '1m', newest: 5 });
  assert.equal((await send('DELETE', `/${id}`)).status, 204);
  assert.equal((await send('GET', `/${id}`)).status, 404);
});

test('wrong sources get a sentence with the path of each fault', async t => {
  const send = asker(await openWorld(t));
  const faults: Array<[object, string, string]> = [
    [{ ...door, kind: 'telescope' }, 'kind-unknown', 'kind'],
    [{ ...door, colour: 'red' }, 'body-invalid', 'colour'],
    [{ ...door, options: { url: 'rtsp://x', zoom: 1 } }, 'body-invalid', 'options.zoom'],
    [{ ...door, schedule: 'sometimes' }, 'body-invalid', 'schedule'],
    [{ ...door, name: '' }, 'body-invalid', 'name'],
  ];
  for (const [body, code, path] of faults) {
    const { status, json } = await send('POST', '', body);
    assert.deepEqual([status, json.code, json.errors[0].path], [422, code, path], JSON.stringify(json));
  }
  assert.match((await send('POST', '', [])).json.code, /body-invalid/);
});

test('an address that is never opened is refused where it is written, with its path', async t => {
  const send = asker(await openWorld(t));
  for (const host of [
    '169.254.169.254',
    '[::ffff:169.254.169.254]',
    '0xa9fea9fe',
    '[fe80::1]',
    '224.0.0.1',
  ]) {
    const address = { ...door, options: { url: `rtsp://${host}:554/1` } };
    const { status, json } = await send('POST', '', address);
    assert.deepEqual([status, json.errors?.[0]?.path], [422, 'options.url'], JSON.stringify(json));
    assert.match(json.detail, /never opened/);
  }
  const page = { name: 'Page', kind: 'page', options: { url: 'http://169.254.169.254/' } };
  assert.equal((await send('POST', '', page)).status, 422);
  const { json } = await send('POST', '', door);
  assert.equal((await send('PATCH', `/${json.id}`, page)).status, 422);
  for (const url of ['http://192.168.1.5/', 'http://127.0.0.1/', 'http://camera.lan/', 'http://1.1.1.1/'])
    assert.equal((await send('POST', '', { ...page, options: { url } })).status, 201, url);
});

test('the list can be narrowed, and the order is people’s own', async t => {
  const open = await openWorld(t);
  const send = asker(open);
  for (const [id, over] of [
    ['aaaa', { groups: ['yard'] }],
    ['bbbb', {}],
    ['cccc', { kind: 'page', options: { url: 'http://x' } }],
  ] as const) {
    await open.world.addSource(id, over as never);
  }
  const ids = async (query: string) =>
    (await send('GET', query)).json.items.map((source: { id: string }) => source.id);
  assert.deepEqual(await ids('?group=yard'), ['aaaa']);
  assert.deepEqual(await ids('?kind=page'), ['cccc']);
  await send('POST', '/order', { ids: ['cccc', 'aaaa'] });
  assert.deepEqual(await ids(''), ['cccc', 'bbbb', 'aaaa']);
});

test('a copy is switched off and keeps the secret', async t => {
  const open = await openWorld(t);
  const { id } = (await asker(open)('POST', '', door)).json;
  const copy = await asker(open)('POST', `/${id}/duplicate`);
  assert.deepEqual([copy.status, copy.json.name, copy.json.enabled], [201, 'Door (copy)', false]);
  assert.equal(open.world.sources.get(copy.json.id).options['password'], 'tulip');
  assert.equal((await asker(open)('POST', `/${id}/duplicate`, { name: 'Other' })).json.name, 'Other');
});

test('what people ask of a source goes to the commander or to watching', async t => {
  const open = await openWorld(t);
  await open.world.addSource('cam1');
  const send = asker(open);
  assert.equal((await send('POST', '/cam1/disable')).status, 200);
  assert.equal((await send('POST', '/cam1/restart')).status, 202);
  assert.equal((await send('POST', '/cam1/back-off/reset')).status, 202);
  assert.deepEqual(open.world.commands, [
    { command: { do: 'enable', sourceId: 'cam1', isEnabled: false }, who: 'key:API_KEY' },
    { command: { do: 'reconnect', sourceId: 'cam1' }, who: 'key:API_KEY' },
  ]);
  assert.deepEqual(open.world.watching.asked, ['reset cam1']);
});

test('a picture on request is kept; when none comes the failure is told', async t => {
  const open = await openWorld(t);
  await open.world.addSource('cam1');
  const silent = await asker(open)('POST', '/cam1/capture');
  assert.deepEqual([silent.status, silent.json.code], [504, 'source-silent']);
  open.world.watching.put('cam1', await jpeg('#00ff00'));
  const { status, json } = await asker(open)('POST', '/cam1/capture');
  assert.deepEqual([status, json.reason, json.sourceId], [201, 'request', 'cam1']);
  const picture = await ask(`${open.url}/api/captures/${json.id}/picture`, { headers: ADMIN });
  assert.deepEqual([picture.headers['content-type'], picture.bytes.length], ['image/jpeg', json.bytes]);
  assert.match(String(picture.headers['cache-control']), /immutable/);
  const small = await ask(`${open.url}/api/captures/${json.id}/picture?width=16`, { headers: ADMIN });
  assert.notEqual(small.headers.etag, picture.headers.etag);
  const starred = await ask(`${open.url}/api/captures/${json.id}`, {
    method: 'PATCH',
    headers: ADMIN,
    body: { isStarred: true },
  });
  assert.equal(starred.json.isStarred, true);
  assert.equal(
    (await ask(`${open.url}/api/captures/${json.id}`, { method: 'DELETE', headers: ADMIN })).status,
    204,
  );
  assert.equal((await ask(`${open.url}/api/captures/${json.id}`, { headers: ADMIN })).status, 404);
  const stats = (await asker(open)('GET', '/cam1/stats')).json;
  assert.deepEqual([stats.sourceId, stats.captures], ['cam1', 0]);
});

test('a try shows a picture, uses kept secrets and stores nothing', async t => {
  const open = await openWorld(t);
  const { world } = open;
  const { id } = (await asker(open)('POST', '', door)).json;
  const picture = { ...(await jpeg('#ff00ff')), sourceId: 'x', sequence: 1 };
  world.watching.dryRun = {
    picture,
    attempts: [],
    tookMs: 12,
    failure: null,
    lines: ['one line'],
    name: 'Door',
  };
  const tried = await asker(open)('POST', '/test', {
    ...door,
    id,
    options: { ...door.options, password: '********' },
  });
  assert.equal(tried.status, 200, tried.text);
  assert.match(tried.json.picture.dataUrl, /^data:image\/jpeg;base64,\/9j\//);
  assert.deepEqual([tried.json.picture.width, tried.json.picture.bytes], [64, picture.image.length]);
  assert.equal(world.watching.tried?.options['password'], 'tulip');
  assert.equal(tried.json.name, 'Door');
  world.watching.dryRun = {
    picture: null,
    attempts: [],
    tookMs: 1,
    failure: { code: 'source-silent', sentence: 'No.' },
  };
  const { name, ...nameless } = door;
  const failed = await asker(open)('POST', '/test', nameless);
  assert.deepEqual(
    [failed.status, failed.json.picture, failed.json.failure.code],
    [200, null, 'source-silent'],
  );
  assert.equal(world.sources.list().length, 1, name);
});

test('an export imports again, without secrets; one wrong source does not stop the others', async t => {
  const open = await openWorld(t);
  await ask(`${open.url}/api/groups`, { method: 'POST', headers: ADMIN, body: { id: 'yard', name: 'Yard' } });
  await asker(open)('POST', '', { ...door, groups: ['yard'] });
  const exported = await asker(open)('GET', '/export');
  assert.match(String(exported.headers['content-disposition']), /attachment/);
  const other = await openWorld(t);
  const body = { ...exported.json, sources: [{ name: 'No kind' }, ...exported.json.sources] };
  const dry = await asker(other)('POST', '/import', { ...body, isDryRun: true });
  assert.deepEqual([dry.json.created.length, other.world.sources.list().length], [1, 0]);
  const { created, failed, notices } = (await asker(other)('POST', '/import', body)).json;
  assert.deepEqual([created[0].name, created[0].groups], ['Door', ['yard']]);
  assert.deepEqual([failed[0].index, failed[0].name, failed[0].code], [0, 'No kind', 'body-invalid']);
  assert.match(notices[0].sentence, /Enter again.*password/);
  assert.equal(other.world.sources.list()[0]?.options['password'], '');
  assert.equal(other.world.settings.current.groups[0]?.name, 'Yard');
});

test('templates of the earlier program are taken by name', async t => {
  const open = await openWorld(t);
  const templates = { Harbour: { url: 'https://harbour.example', frequency: 30, dedicated_xpath: '//main' } };
  const { failed } = (await asker(open)('POST', '/import', templates)).json;
  assert.deepEqual(
    [failed[0].name, failed[0].code],
    ['Harbour', 'kind-unknown'],
    'this test knows no websites',
  );
});
