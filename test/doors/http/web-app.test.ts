/** The web app under any path, and through Home Assistant. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ask } from '#test/fakes/ask.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { openWorld } from '#test/fakes/http-services.ts';

const PAGE = '<!doctype html><html><head><meta charset="utf-8"></head><body>the app</body></html>';

async function built(t: TestContext) {
  const uiFolder = await temporaryFolder(t);
  await mkdir(join(uiFolder, 'assets'));
  await mkdir(join(uiFolder, 'docs'));
  await writeFile(join(uiFolder, 'index.html'), PAGE);
  await writeFile(join(uiFolder, 'docs', 'index.html'), PAGE);
  await writeFile(join(uiFolder, 'assets', 'app-1a2b.js'), 'export {};');
  await writeFile(join(uiFolder, 'sw.js'), 'self;');
  return openWorld(t, { uiFolder });
}

const baseOf = (html: string) => /<base href="([^"]*)">/.exec(html)?.[1];

test('every address of the app is its page; files are files', async t => {
  const { url } = await built(t);
  for (const path of ['/', '/sources/abc', '/setup?token=x', '/index.html']) {
    const { status, headers, text } = await ask(url + path);
    assert.deepEqual([status, headers['content-type']], [200, 'text/html; charset=utf-8'], path);
    assert.equal(headers['cache-control'], 'no-cache');
    assert.equal(baseOf(text), '/', path);
  }
  const asset = await ask(`${url}/assets/app-1a2b.js`);
  assert.match(String(asset.headers['cache-control']), /max-age=31536000, immutable/);
  assert.equal((await ask(`${url}/sw.js`)).headers['cache-control'], 'no-cache');
  for (const path of [
    '/assets/gone.js',
    '/missing.png',
    '/../package.json',
    '/%2e%2e/%2e%2e/etc/passwd.txt',
  ]) {
    assert.equal((await ask(url + path)).status, 404, path);
  }
  assert.equal((await ask(`${url}/sources/abc`, { method: 'POST' })).status, 404);
});

test('the prefix of a proxy becomes the base, unless it is no path', async t => {
  const { url } = await built(t);
  const base = async (headers: Record<string, string>) => baseOf((await ask(`${url}/x`, { headers })).text);
  assert.equal(await base({ 'x-forwarded-prefix': '/glimpser' }), '/glimpser/');
  assert.equal(await base({ 'x-forwarded-prefix': '/a/b/' }), '/a/b/');
  assert.equal(await base({ 'x-ingress-path': '/api/hassio_ingress/Ab-_9' }), '/api/hassio_ingress/Ab-_9/');
  const wrong = [
    '//evil.example',
    'https://evil.example',
    '/a"><script>',
    '/a/../b',
    '/a b',
    'a',
    '/',
    '/%2f',
  ];
  for (const prefix of wrong) assert.equal(await base({ 'x-forwarded-prefix': prefix }), '/', prefix);
});

test('without the built app the page says how to build it, and the API answers', async t => {
  const { url } = await openWorld(t);
  const { status, text } = await ask(url);
  assert.equal(status, 503);
  assert.match(text, /The web app is not built.*npm start/s);
  assert.equal((await ask(`${url}/healthz`)).status, 200);
});

test('the reference is a page for those who are logged in', async t => {
  const { url } = await built(t);
  assert.equal((await ask(`${url}/api/docs`)).status, 401);
  const headers = { 'x-api-key': 'a-fixed-key-of-the-test', 'x-forwarded-prefix': '/p' };
  assert.equal(baseOf((await ask(`${url}/api/docs`, { headers })).text), '/p/docs/');
});

test('through Home Assistant nobody logs in, and only the Supervisor gets in', async t => {
  const environment = { SUPERVISOR_TOKEN: 'token-of-the-supervisor' };
  const { ports } = await openWorld(t, { environment, ingressPeer: '127.0.0.1' });
  const [main, ingress] = ports.map(port => `http://127.0.0.1:${port}`);
  const person = {
    'x-remote-user-id': 'u1',
    'x-remote-user-name': 'ann',
    'x-remote-user-display-name': 'Ann',
  };
  const me = await ask(`${ingress}/api/auth/me`, { headers: person });
  assert.deepEqual([me.json.name, me.json.role, me.json.by], ['ingress:Ann', 'admin', 'ingress']);
  const state = (await ask(`${ingress}/api/auth/state`)).json;
  assert.deepEqual([state.isIngress, state.isLoggedIn], [true, true]);
  assert.equal(
    (await ask(`${main}/api/auth/me`, { headers: person })).status,
    401,
    'names are believed there alone',
  );
  const body = { id: 'yard', name: 'Yard' };
  const write = (headers: Record<string, string>) =>
    ask(`${ingress}/api/groups`, { method: 'POST', headers, body });
  assert.equal((await write({ ...person })).json.code, 'origin-refused');
  assert.equal((await write({ ...person, origin: 'https://evil.example' })).json.code, 'origin-refused');
  const home = { origin: 'http://home.local:8123', 'x-forwarded-host': 'home.local:8123' };
  assert.equal((await write({ ...person, ...home })).status, 201);
});

test('people from Home Assistant have the role that admins give them', async t => {
  const environment = { SUPERVISOR_TOKEN: 'token-of-the-supervisor' };
  const { ports } = await openWorld(t, { environment, ingressPeer: '127.0.0.1' });
  const ingress = `http://127.0.0.1:${ports[1]}`;
  const as = (id: string) => ({
    'x-remote-user-id': id,
    'x-remote-user-name': id,
    'sec-fetch-site': 'same-origin',
  });
  const change = (id: string, to: object) =>
    ask(`${ingress}/api/settings`, { method: 'PATCH', headers: as(id), body: { ingress: to } });
  const role = async (id: string) => (await ask(`${ingress}/api/auth/me`, { headers: as(id) })).json.role;
  assert.equal(await role('ann'), 'admin', 'as long as nobody says otherwise');
  const locked = await change('ann', { role: 'viewer' });
  assert.equal(locked.json.code, 'conflict');
  assert.match(locked.json.detail, /ingress\.users under ann/);
  assert.equal(
    (await change('ann', { role: 'viewer', users: { ann: 'admin', bea: 'operator' } })).status,
    200,
  );
  assert.deepEqual(await Promise.all(['ann', 'bea', 'cid', 'constructor'].map(role)), [
    'admin',
    'operator',
    'viewer',
    'viewer',
  ]);
  assert.equal((await change('bea', { role: 'admin' })).json.code, 'role-missing');
});

test('any other peer is refused at the port for Home Assistant, but for its health', async t => {
  const { ports } = await openWorld(t, { environment: { SUPERVISOR_TOKEN: 'token' } });
  const ingress = `http://127.0.0.1:${ports[1]}`;
  const refused = await ask(`${ingress}/api/auth/me`, { headers: { 'x-forwarded-for': '172.30.32.2' } });
  assert.deepEqual([refused.status, refused.json.code], [403, 'origin-refused']);
  assert.equal((await ask(`${ingress}/healthz`)).status, 200);
});

test('without the Supervisor there is one port', async t => {
  const { ports } = await openWorld(t);
  assert.equal(ports.length, 1);
});

test('a port that is in use is said with what to do', async t => {
  const { ports } = await openWorld(t);
  await assert.rejects(openWorld(t, { environment: { PORT: String(ports[0]) } }), {
    code: 'port-in-use',
    message: /is in use on 127\.0\.0\.1\. Stop the program that uses it, or set PORT/,
  });
});
