import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '#test/fakes/ask.ts';
import { ADMIN, openWorld } from '#test/fakes/http-services.ts';
import { until } from '#test/fakes/until.ts';

test('alive is one thing, ready another', async t => {
  const { url, world } = await openWorld(t);
  assert.deepEqual((await ask(`${url}/healthz`)).json, { status: 'ok' });
  const ready = await ask(`${url}/readyz`);
  assert.deepEqual([ready.status, ready.json.isReady, ready.json.parts[0].part], [200, true, 'settings']);
  world.isReady = false;
  assert.equal((await ask(`${url}/readyz`)).status, 503);
  assert.equal((await ask(`${url}/healthz`)).status, 200);
});

test('figures are for programs on this machine and for keys', async t => {
  const { url, world } = await openWorld(t);
  await world.addSource('cam1', { name: 'Front "door"' });
  const programs = { cpuPercent: 12.5, memoryMiB: 40 };
  world.changeState('cam1', { programs, dropped: { pictures: 3, groups: 2 } });
  const local = await ask(`${url}/metrics`);
  assert.equal(local.status, 200);
  assert.match(local.text, /^glimpser_info\{version="0\.1\.0"\} 1$/m);
  assert.match(local.text, /^glimpser_source_online\{source="cam1",name="Front \\"door\\""\} 0$/m);
  const figures = [...local.text.matchAll(/^glimpser_source_((?:programs|dropped)\w+)\{[^}]*\} (.*)$/gm)];
  assert.deepEqual(Object.fromEntries(figures.map(([, name, value]) => [name, Number(value)])), {
    programs_cpu_cores: 0.125,
    programs_memory_bytes: 41_943_040,
    dropped_pictures_total: 3,
    dropped_groups_total: 2,
  });
  assert.match(local.text, /^process_resident_memory_bytes \d+/m);
  const strange = { host: 'evil.example' };
  assert.equal(
    (await ask(`${url}/metrics`, { headers: strange })).status,
    401,
    'a page can be led to this machine',
  );
  const proxied = { 'x-forwarded-for': '203.0.113.9' };
  for (const headers of [
    proxied,
    { via: '1.1 x' },
    { 'x-forwarded-host': 'x' },
    { 'sec-fetch-mode': 'cors' },
  ])
    assert.equal(
      (await ask(`${url}/metrics`, { headers: { ...headers } })).status,
      401,
      'a proxy speaks for others',
    );
  assert.equal((await ask(`${url}/metrics`, { headers: { ...proxied, ...ADMIN } })).status, 200);
});

/** A key of the test's own making, as headers. */
async function keyed(url: string, role: string, groups: string[] | null): Promise<Record<string, string>> {
  const body = { name: 'k', role, groups };
  const made = await ask(`${url}/api/keys`, { method: 'POST', headers: ADMIN, body });
  return { 'x-api-key': made.json.secret };
}

test('who is limited to groups neither reads figures of all nor pauses all', async t => {
  const { url, world } = await openWorld(t);
  const proxied = { 'x-forwarded-for': '203.0.113.9' };
  const limited = await keyed(url, 'operator', ['yard']);
  const unlimited = await keyed(url, 'operator', null);
  const read = async (who: object) =>
    (await ask(`${url}/metrics`, { headers: { ...proxied, ...who } })).status;
  assert.deepEqual([await read(limited), await read(unlimited)], [401, 200]);
  for (const verb of ['pause', 'resume']) {
    const answer = await ask(`${url}/api/schedule/${verb}`, { method: 'POST', headers: limited });
    assert.deepEqual([answer.status, answer.json.code], [403, 'role-missing']);
  }
  assert.deepEqual(world.commands, []);
  const paused = await ask(`${url}/api/schedule/pause`, { method: 'POST', headers: unlimited });
  assert.equal(paused.status, 200);
});

test('strangers are told whether the hub is ready, not why; viewers learn nothing of the broker', async t => {
  const { url, world } = await openWorld(t);
  world.problems = ['/data/history.db was damaged.'];
  const stranger = { 'x-forwarded-for': '203.0.113.9' };
  const parts = async (headers: object) =>
    (await ask(`${url}/readyz`, { headers: { ...headers } })).json.parts;
  assert.deepEqual(await parts(stranger), [{ part: 'settings', isReady: true }]);
  const whole = [{ part: 'settings', isReady: true, reason: 'Read' }];
  assert.deepEqual(await parts({}), whole, 'this machine itself');
  assert.deepEqual(await parts({ ...stranger, ...ADMIN }), whole);
  const info = async (who: Record<string, string>) => (await ask(`${url}/api/info`, { headers: who })).json;
  const seen = await info(await keyed(url, 'viewer', null));
  assert.deepEqual([seen.mqtt.status, seen.mqtt.reason, seen.mqtt.broker], ['off', '', null]);
  const problem = await ask(`${url}/api/entities/hub.problem`, { headers: await keyed(url, 'viewer', null) });
  assert.equal(problem.json.value, true);
  assert.doesNotMatch(JSON.stringify(seen) + problem.text, /broker\.test|\/data/);
  const known = await info(await keyed(url, 'operator', null));
  assert.deepEqual([known.mqtt.broker, known.problems], ['mqtt://broker.test', world.problems]);
});

test('preferences are changed by key, and a wrong one is named', async t => {
  const { url } = await openWorld(t);
  const patch = (body: unknown) => ask(`${url}/api/settings`, { method: 'PATCH', headers: ADMIN, body });
  const changed = await patch({ name: 'Harbour', mqtt: { imageEvery: '30s' } });
  assert.deepEqual(
    [changed.json.name, changed.json.mqtt.imageEvery, changed.json.mqtt.enabled],
    ['Harbour', '30s', true],
  );
  assert.equal((await patch({ mqtt: { imageEvery: 'often' } })).json.errors[0].path, 'mqtt.imageEvery');
  assert.equal((await patch({ colour: 'red' })).json.errors[0].path, 'colour');
  assert.equal((await patch({ network: 5 })).json.errors[0].path, 'network');
  assert.equal((await ask(`${url}/api/auth/state`)).json.name, 'Harbour');
  const { items } = (await ask(`${url}/api/settings/versions`, { headers: ADMIN })).json;
  const restored = await ask(`${url}/api/settings/versions/${items[1].id}/restore`, {
    method: 'POST',
    headers: ADMIN,
  });
  assert.equal(restored.json.name, 'Glimpser');
  const schema = (await ask(`${url}/api/settings/schema`, { headers: ADMIN })).json;
  assert.equal(schema.$defs.Preferences.properties.name.maxLength, 40);
});

test('the login of the built-in broker is shown while it runs', async t => {
  const { url, world } = await openWorld(t);
  const look = () => ask(`${url}/api/mqtt/broker`, { headers: ADMIN });
  assert.deepEqual([(await look()).status, (await look()).json.code], [404, 'not-found']);
  world.broker = { host: '127.0.0.1', port: 1883, username: 'glimpser', password: 'tulip' };
  assert.deepEqual((await look()).json, world.broker);
});

test('pause, resume and restart are commands', async t => {
  const { url, world } = await openWorld(t);
  await world.addSource('cam1');
  const post = (path: string) => ask(url + path, { method: 'POST', headers: ADMIN });
  const { json } = await post('/api/schedule/pause');
  assert.deepEqual([json.sources[0].sourceId, json.sources[0].nextAt], ['cam1', null]);
  await post('/api/schedule/resume');
  assert.equal((await post('/api/restart')).status, 202);
  await until('the restart is asked for', () => world.commands.length === 3);
  assert.deepEqual(
    world.commands.map(({ command }) => command),
    [{ do: 'pause', isPaused: true }, { do: 'pause', isPaused: false }, { do: 'restart-hub' }],
  );
});

test('entities are read and written like over MQTT', async t => {
  const { url, world } = await openWorld(t);
  await world.addSource('cam1', { schedule: '10s' });
  const get = async (id: string) => (await ask(`${url}/api/entities/${id}`, { headers: ADMIN })).json;
  assert.deepEqual((await get('cam1.interval')).value, 10);
  assert.equal((await get('hub.version')).value, '0.1.0');
  assert.equal((await get('cam1.nothing')).code, 'not-found');
  const send = (id: string, value: unknown, headers: Record<string, string> = ADMIN) =>
    ask(`${url}/api/entities/${id}`, { method: 'POST', headers, body: { value } });
  assert.equal((await send('cam1.enabled', 'OFF')).status, 202);
  assert.equal((await send('cam1.enabled', 'perhaps')).json.code, 'body-invalid');
  assert.equal((await send('cam1.status', 'ok')).json.code, 'method-refused');
  assert.deepEqual(world.commands[0]?.command, { do: 'enable', sourceId: 'cam1', isEnabled: false });
  const key = { name: 'o', role: 'operator' };
  const { secret } = (await ask(`${url}/api/keys`, { method: 'POST', headers: ADMIN, body: key })).json;
  assert.equal((await send('hub.restart', 'PRESS', { 'x-api-key': secret })).json.code, 'role-missing');
  assert.equal((await send('cam1.snapshot', 'PRESS', { 'x-api-key': secret })).status, 202);
});

test('the log is given newest first and by seriousness', async t => {
  const { url } = await openWorld(t);
  const lines = async (query: string) =>
    (await ask(`${url}/api/logs${query}`, { headers: ADMIN })).json.items;
  assert.equal((await lines('')).length, 1);
  assert.equal((await lines('?level=warning')).length, 0);
  assert.equal((await lines('?part=mqtt')).length, 0);
});

test('lists are given page by page', async t => {
  const { url, world, history } = await openWorld(t);
  await world.addSource('cam1');
  for (let i = 0; i < 5; i++) {
    const openedAt = new Date(Date.UTC(2026, 0, 1, i)).toISOString();
    await history.events.open({
      id: `e${i}`,
      sourceId: 'cam1',
      type: 'source_lost',
      openedAt,
      closedAt: null,
      summary: '',
    });
  }
  const page = async (query: string) =>
    (await ask(`${url}/api/events?limit=2${query}`, { headers: ADMIN })).json;
  const ids = ({ items }: { items: Array<{ id: string }> }) => items.map(item => item.id);
  const first = await page('');
  const second = await page(`&cursor=${first.next}`);
  const third = await page(`&cursor=${second.next}`);
  assert.deepEqual(
    [ids(first), ids(second), ids(third), third.next],
    [['e4', 'e3'], ['e2', 'e1'], ['e0'], null],
  );
  assert.equal((await page('&cursor=nonsense')).code, 'body-invalid');
  assert.equal((await page('&limit=0')).code, 'body-invalid');
});
