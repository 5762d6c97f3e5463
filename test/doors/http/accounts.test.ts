import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, ask } from '#test/fakes/ask.ts';
import { ADMIN, type OpenWorld, openWorld } from '#test/fakes/http-services.ts';
import { until } from '#test/fakes/until.ts';

const PASSWORD = 'a long password';

/** The cookie of a login as a header. */
function cookieOf(answer: Answer): { cookie: string } {
  const [cookie = ''] = answer.headers['set-cookie'] ?? [];
  return { cookie: cookie.split(';')[0] ?? '' };
}

async function addUser({ url }: OpenWorld, name: string, over: object = {}) {
  const body = { name, role: 'viewer', password: PASSWORD, ...over };
  const answer = await ask(`${url}/api/users`, { method: 'POST', headers: ADMIN, body });
  assert.equal(answer.status, 201, answer.text);
  return answer.json as { id: string };
}

const login = (url: string, name: string, password = PASSWORD, headers: Record<string, string> = {}) =>
  ask(`${url}/api/auth/login`, { method: 'POST', headers, body: { name, password } });

test('the first account is made once, with the token that was printed', async t => {
  const { url, door } = await openWorld(t);
  const setUp = (token: string) =>
    ask(`${url}/api/auth/setup`, { method: 'POST', body: { token, name: 'Ann', password: PASSWORD } });
  const { setupToken } = door;
  assert.ok(setupToken);
  assert.equal((await ask(`${url}/api/auth/state`)).json.isSetUp, false);
  assert.equal((await setUp('wrong')).json.code, 'setup-token-wrong');
  const [one, other] = await Promise.all([setUp(setupToken), setUp(setupToken)]);
  assert.deepEqual([one.status, other.status].sort(), [201, 409]);
  const made = one.status === 201 ? one : other;
  assert.equal(made.json.user.role, 'admin');
  assert.match(String(made.headers['set-cookie']), /^glimpser_session=[\w-]+;.*HttpOnly; SameSite=Lax$/);
  assert.equal(door.setupToken, null);
  assert.equal((await setUp(setupToken)).json.code, 'setup-done');
  const state = await ask(`${url}/api/auth/state`, { headers: cookieOf(made) });
  assert.deepEqual([state.json.isSetUp, state.json.isLoggedIn], [true, true]);
});

test('a wrong name and a wrong password are told alike, and guessing is slowed down', async t => {
  const open = await openWorld(t);
  const { url, world } = open;
  await addUser(open, 'Ann');
  const nobody = await login(url, 'Nobody', 'wrong password');
  const wrong = await login(url, 'Ann', 'wrong password');
  assert.equal(nobody.status, 401);
  assert.deepEqual({ ...nobody.json, requestId: '' }, { ...wrong.json, requestId: '' });
  for (let i = 0; i < 4; i++) await login(url, 'ann', 'wrong password');
  const limited = await login(url, 'ANN');
  assert.equal(limited.status, 429, 'also with the right password');
  assert.equal(limited.json.code, 'too-many-requests');
  assert.ok(Number(limited.headers['retry-after']) > 0);
  await world.clock.advance(61_000);
  assert.equal((await login(url, 'Ann')).status, 200);
});

test('a proxy on this machine names the client by its last word; an IPv6 network counts as one', async t => {
  const open = await openWorld(t);
  const { url } = open;
  await addUser(open, 'Ann');
  const guess = (i: number, from: string) =>
    login(url, 'Ann', `wrong ${i}`, { 'x-forwarded-for': from }).then(answer => answer.status);
  const statuses: number[] = [];
  for (let i = 0; i < 6; i++) statuses.push(await guess(i, `198.51.100.${i}, 203.0.113.9`));
  assert.deepEqual(statuses, [...Array(5).fill(401), 429]);
  const network: number[] = [];
  for (const last of ['::1', '::2', ':1::3', ':ffff::4', '::5', '::6']) {
    network.push(await guess(0, `2001:db8:0:1${last}`));
  }
  assert.deepEqual(network, [...Array(5).fill(401), 429]);
});

test('a name that is guessed at from everywhere is slow to log in, and never locked out', async t => {
  const open = await openWorld(t);
  const { url, world } = open;
  await addUser(open, 'Ann');
  const from = (i: number) => ({ 'x-forwarded-for': `203.0.113.${i}` });
  for (let i = 0; i < 10; i++) await login(url, 'Ann', 'wrong', from(i));
  const waitingBefore = world.clock.waiting;
  let isIn = false;
  const late = login(url, 'Ann', PASSWORD, from(50)).then(answer => {
    isIn = true;
    return answer;
  });
  await until('it waits', () => world.clock.waiting > waitingBefore);
  assert.equal(isIn, false);
  await world.clock.advance(3000);
  assert.equal((await late).status, 200);
  const { items } = (await ask(`${url}/api/audit`, { headers: ADMIN })).json;
  const failed = items.filter(({ action }: { action: string }) => action === 'log-in-failed');
  assert.equal(failed.length, 10, 'each from another place');
});

test('many failures from one place are few lines of the audit', async t => {
  const open = await openWorld(t);
  const { url, world } = open;
  for (let i = 0; i < 10; i++) {
    assert.equal((await login(url, 'hub', 'wrong')).status, 401);
    await world.clock.advance(61_000);
  }
  const { items } = (await ask(`${url}/api/audit`, { headers: ADMIN })).json;
  const told = items.map(({ who, detail }: { who: string; detail: string }) => `${who} ${detail}`);
  assert.deepEqual(told, ['nobody as “hub” from 127.0.0.1, 10 tries', 'nobody as “hub” from 127.0.0.1']);
});

test('no user is called like the hub, and who renames themselves is still known', async t => {
  const open = await openWorld(t);
  const { url } = open;
  for (const name of ['hub', 'MQTT', 'Home Assistant', 'home-assistant', 'nobody']) {
    const body = { name, role: 'viewer', password: PASSWORD };
    const answer = await ask(`${url}/api/users`, { method: 'POST', headers: ADMIN, body });
    assert.deepEqual([answer.status, answer.json.errors?.[0]?.path], [422, 'name'], name);
  }
  const { id } = await addUser(open, 'Ann');
  const own = { authorization: `Bearer ${(await login(url, 'Ann')).json.token}` };
  const rename = (name: string) =>
    ask(`${url}/api/auth/me`, { method: 'PATCH', headers: own, body: { name } });
  assert.equal((await rename('Hub')).status, 422);
  assert.equal((await rename('Bea')).status, 200);
  await ask(`${url}/api/users/${id}`, { method: 'PATCH', headers: ADMIN, body: { name: 'Cid' } });
  const { items } = (await ask(`${url}/api/audit`, { headers: ADMIN })).json;
  const told = new Map<string, { who: string; whoId: string; detail: string }>(
    items.map((item: { action: string }) => [item.action, item]),
  );
  assert.deepEqual([told.get('log-in')?.whoId, told.get('rename-user')?.whoId], [id, id]);
  assert.match(told.get('rename-user')?.detail ?? '', /Bea/);
  assert.match(told.get('change-user')?.detail ?? '', /“Bea” is now “Cid”/);
});

test('a cookie opens the API until its login ends', async t => {
  const open = await openWorld(t);
  const { url } = open;
  await addUser(open, 'Ann');
  const first = cookieOf(await login(url, 'Ann'));
  const second = cookieOf(await login(url, 'Ann'));
  const me = (headers: Record<string, string>) => ask(`${url}/api/auth/me`, { headers });
  assert.equal((await me(first)).json.by, 'cookie');
  const sessions = (await ask(`${url}/api/auth/sessions`, { headers: first })).json.items;
  assert.deepEqual(sessions.map((one: { isCurrent: boolean }) => one.isCurrent).sort(), [false, true]);
  const own = { ...first, 'sec-fetch-site': 'same-origin' };
  assert.equal((await ask(`${url}/api/auth/sessions`, { method: 'DELETE', headers: own })).status, 204);
  assert.equal((await me(second)).status, 401);
  const out = await ask(`${url}/api/auth/logout`, { method: 'POST', headers: own });
  assert.equal(out.status, 204);
  assert.match(String(out.headers['set-cookie']), /^glimpser_session=;/);
  assert.equal((await me(first)).json.code, 'login-needed');
});

test('a bearer token is renewed once, and dies with its login', async t => {
  const open = await openWorld(t);
  const { url, world } = open;
  const { id } = await addUser(open, 'Ann');
  const { token, refreshToken } = (await login(url, 'Ann')).json;
  const me = (bearer: string) =>
    ask(`${url}/api/auth/me`, { headers: { authorization: `Bearer ${bearer}` } });
  assert.equal((await me(token)).json.by, 'bearer');
  assert.equal((await me(`${token.slice(0, -2)}xx`)).status, 401);
  const refresh = (body: object) => ask(`${url}/api/auth/refresh`, { method: 'POST', body });
  const renewed = await refresh({ refreshToken });
  assert.equal(renewed.status, 200);
  await world.clock.advance(16 * 60_000);
  assert.equal((await me(token)).status, 401, 'it has expired');
  const next = (await refresh({ refreshToken: renewed.json.refreshToken })).json.token;
  assert.equal((await me(next)).status, 200);
  await ask(`${url}/api/users/${id}`, {
    method: 'PATCH',
    headers: ADMIN,
    body: { password: 'another password' },
  });
  assert.equal((await me(next)).status, 401, 'a new password ends every login');
});

test('a refresh token that comes again ends the login, unless its answer was just lost', async t => {
  const open = await openWorld(t);
  const { url, world } = open;
  await addUser(open, 'Ann');
  const first = (await login(url, 'Ann')).json.refreshToken;
  const refresh = (refreshToken: string) =>
    ask(`${url}/api/auth/refresh`, { method: 'POST', body: { refreshToken } });
  await refresh(first);
  await world.clock.advance(9000);
  const again = await refresh(first);
  assert.equal(again.status, 200, 'the answer was lost');
  const second = again.json.refreshToken;
  await world.clock.advance(2000);
  assert.equal((await refresh(first)).json.code, 'login-needed', 'it is in two hands');
  assert.equal((await refresh(second)).json.code, 'login-needed', 'so nobody keeps the login');
  const me = { headers: { authorization: `Bearer ${again.json.token}` } };
  assert.equal((await ask(`${url}/api/auth/me`, me)).status, 401);
  const { items } = (await ask(`${url}/api/audit`, { headers: ADMIN })).json;
  assert.ok(items.some(({ action }: { action: string }) => action === 'end-login'));
  assert.equal((await refresh('made up')).json.code, 'login-needed');
});

test('a change of one’s own password needs the old one, and ends the other logins', async t => {
  const open = await openWorld(t);
  const { url } = open;
  await addUser(open, 'Ann');
  const here = { ...cookieOf(await login(url, 'Ann')), 'sec-fetch-site': 'same-origin' };
  const there = cookieOf(await login(url, 'Ann'));
  const change = (current: string) =>
    ask(`${url}/api/auth/me/password`, {
      method: 'POST',
      headers: here,
      body: { current, password: 'the next password' },
    });
  assert.equal((await change('not the old one')).json.code, 'login-failed');
  assert.equal((await change(PASSWORD)).status, 204);
  assert.equal((await ask(`${url}/api/auth/me`, { headers: here })).status, 200);
  assert.equal((await ask(`${url}/api/auth/me`, { headers: there })).status, 401);
  assert.equal((await login(url, 'Ann', 'the next password')).status, 200);
});

test('writes with a cookie come from our own page only', async t => {
  const open = await openWorld(t);
  const { url } = open;
  await addUser(open, 'Ann');
  const cookie = cookieOf(await login(url, 'Ann'));
  const host = new URL(url).host;
  const rename = async (headers: Record<string, string>) =>
    (
      await ask(`${url}/api/auth/me`, {
        method: 'PATCH',
        headers: { ...cookie, ...headers },
        body: { name: 'Ann' },
      })
    ).status;
  assert.equal(await rename({ 'sec-fetch-site': 'same-origin' }), 200);
  assert.equal(await rename({ origin: `http://${host}` }), 200);
  assert.equal(await rename({ origin: 'https://hub.example', 'x-forwarded-host': 'hub.example' }), 200);
  assert.equal(await rename({ 'sec-fetch-site': 'cross-site' }), 403);
  assert.equal(await rename({ 'sec-fetch-site': 'same-site' }), 403);
  assert.equal(await rename({ origin: 'https://evil.example' }), 403);
  assert.equal(await rename({ origin: 'null' }), 403);
  assert.equal(await rename({}), 403, 'who does not say where they come from');
  const foreign = await login(url, 'Ann', PASSWORD, { origin: 'https://evil.example' });
  assert.equal(foreign.json.code, 'origin-refused', 'nobody is logged in from another site');
});

test('an API key has its role until it is withdrawn', async t => {
  const { url } = await openWorld(t);
  const made = await ask(`${url}/api/keys`, {
    method: 'POST',
    headers: ADMIN,
    body: { name: 'NVR', role: 'viewer' },
  });
  const { key, secret } = made.json;
  assert.match(secret, /^glk_[\w-]{43}$/);
  assert.equal(key.prefix, secret.slice(0, 8));
  const asKey = (path: string, method = 'GET') =>
    ask(url + path, { method, headers: { authorization: `Bearer ${secret}` } });
  assert.equal((await asKey('/api/auth/me')).json.name, 'key:NVR');
  assert.equal((await asKey('/api/users')).json.code, 'role-missing');
  assert.ok(!(await ask(`${url}/api/keys`, { headers: ADMIN })).text.includes(secret.slice(10)));
  await ask(`${url}/api/keys/${key.id}`, { method: 'PATCH', headers: ADMIN, body: { role: 'admin' } });
  assert.equal((await asKey('/api/users')).status, 200);
  await ask(`${url}/api/keys/${key.id}`, { method: 'DELETE', headers: ADMIN });
  assert.equal((await asKey('/api/auth/me')).status, 401);
});

test('the last admin can neither be removed nor made less', async t => {
  const open = await openWorld(t);
  const { url } = open;
  const { id } = await addUser(open, 'Ann', { role: 'admin' });
  const path = `${url}/api/users/${id}`;
  assert.equal((await ask(path, { method: 'DELETE', headers: ADMIN })).json.code, 'conflict');
  const less = await ask(path, { method: 'PATCH', headers: ADMIN, body: { role: 'viewer' } });
  assert.equal(less.json.code, 'conflict');
  await addUser(open, 'Bea', { role: 'admin' });
  assert.equal((await ask(path, { method: 'DELETE', headers: ADMIN })).status, 204);
});

test('a name is taken whatever its case, and the audit tells who did what', async t => {
  const open = await openWorld(t);
  const { url } = open;
  await addUser(open, 'Ann');
  const taken = await ask(`${url}/api/users`, {
    method: 'POST',
    headers: ADMIN,
    body: { name: 'ANN', role: 'viewer', password: PASSWORD },
  });
  assert.equal(taken.status, 409);
  assert.deepEqual(taken.json.errors, [{ path: 'name', message: 'is taken' }]);
  await login(url, 'Ann', 'a wrong password');
  const { items } = (await ask(`${url}/api/audit`, { headers: ADMIN })).json;
  const told = items.map(({ who, action }: { who: string; action: string }) => `${who} ${action}`);
  assert.deepEqual(told.sort(), ['key:API_KEY create-user', 'nobody log-in-failed']);
});
