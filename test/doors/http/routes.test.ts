/** Laws that hold for every route: who may call it, what it refuses, and that the reference names it. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadRoutes } from '#server/doors/http/load-routes.ts';
import type { Route } from '#server/doors/http/route.ts';
import { includesRole, ROLES, type Role } from '#server/model/user.ts';
import { ask } from '#test/fakes/ask.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { ADMIN, openWorld } from '#test/fakes/http-services.ts';

const routes = await loadRoutes();
const pathOf = ({ path }: Route) =>
  path
    .replace('/api/entities/:id', '/api/entities/nobody.connection')
    .replaceAll(/:(id|group)/g, 'nobody')
    .replace(':number', '1');

/** Routes that answer without an end. */
const isEndless = ({ path }: Route) => ['/api/live', '/api/stream/wall/mjpeg'].includes(path);

async function keyOf(url: string, role: Role): Promise<Record<string, string>> {
  const body = { name: role, role };
  const made = await ask(`${url}/api/keys`, { method: 'POST', headers: ADMIN, body });
  return { 'x-api-key': made.json.secret };
}

test('every route refuses nobody and lower roles, and lets its own role in', async t => {
  const { url } = await openWorld(t);
  const keys = new Map(await Promise.all(ROLES.map(async role => [role, await keyOf(url, role)] as const)));
  assert.ok(routes.length > 60);
  for (const route of routes.filter(({ role }) => role !== 'none')) {
    const name = `${route.method} ${route.path}`;
    const method = route.method.toUpperCase();
    const nobody = await ask(url + pathOf(route), { method });
    assert.equal(nobody.json?.code, 'login-needed', `${name} is open to nobody in particular`);
    assert.match(String(nobody.headers['content-type']), /^application\/problem\+json/, name);
    for (const role of ROLES.filter(role => !includesRole(role, route.role as Role))) {
      const answer = await ask(url + pathOf(route), { method, headers: keys.get(role) ?? {} });
      assert.equal(answer.json?.code, 'role-missing', `${name} is open to the role ${role}`);
    }
    if (isEndless(route)) continue;
    const allowed = await ask(url + pathOf(route), { method, headers: keys.get(route.role as Role) ?? {} });
    assert.ok(!['login-needed', 'role-missing'].includes(allowed.json?.code), `${name}: ${allowed.text}`);
    assert.notEqual(allowed.status, 500, `${name}: ${allowed.text}`);
  }
});

test('only what has to be open is open', () => {
  const open = routes.filter(({ role }) => role === 'none').map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(open.sort(), [
    'get /api/auth/state',
    'get /healthz',
    'get /metrics',
    'get /readyz',
    'post /api/auth/login',
    'post /api/auth/refresh',
    'post /api/auth/setup',
  ]);
});

test('every body refuses unknown keys by name, or is checked by the book of sources', async t => {
  const { url } = await openWorld(t);
  const withBody = routes.filter(({ body }) => body !== undefined);
  assert.ok(withBody.length > 15);
  for (const route of withBody) {
    const name = `${route.method} ${route.path}`;
    const body = { thisKeyIsNotKnown: 1 };
    const answer = await ask(url + pathOf(route), {
      method: route.method.toUpperCase(),
      headers: ADMIN,
      body,
    });
    if (answer.status === 404 || route.path === '/api/sources/import') continue;
    assert.equal(answer.status, 422, `${name}: ${answer.text}`);
    const paths = answer.json.errors.map((error: { path: string }) => error.path);
    const isNamed = paths.includes('thisKeyIsNotKnown') || answer.json.code === 'kind-unknown';
    assert.ok(isNamed, `${name}: ${answer.text}`);
  }
});

test('every query refuses unknown words, except at picture addresses', async t => {
  const { url } = await openWorld(t);
  for (const route of routes.filter(({ method }) => method === 'get')) {
    if (isEndless(route)) continue;
    const answer = await ask(`${url + pathOf(route)}?unknown=1`, { headers: ADMIN });
    if (route.media) assert.equal(answer.status, 404, route.path);
    else assert.deepEqual([answer.status, answer.json?.errors[0]?.path], [422, 'unknown'], route.path);
  }
});

test('the reference has every route, its role and every schema', async t => {
  const { url } = await openWorld(t);
  const { json } = await ask(`${url}/api/openapi.json`, { headers: ADMIN });
  for (const { method, path, summary } of routes) {
    const operation = json.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method];
    assert.equal(operation?.summary, summary, `${method} ${path}`);
  }
  const operations = Object.values(json.paths).flatMap(item => Object.values(item as object));
  const ids = operations.map(({ operationId }) => operationId);
  assert.equal(new Set(ids).size, ids.length, 'operation ids are unique');
  const text = JSON.stringify(json);
  for (const [, name] of text.matchAll(/#\/components\/schemas\/([\w-]+)/g)) {
    assert.ok(json.components.schemas[name ?? ''], `${name} is named but not described`);
  }
  for (const name of [
    'Source',
    'SourceDraft',
    'SourceState',
    'Capture',
    'Event',
    'User',
    'Problem',
    'Preferences',
  ]) {
    assert.ok(json.components.schemas[name], name);
  }
});

test('a route without a role, or with a parameter that nobody checks, stops the start', async t => {
  const folder = await temporaryFolder(t);
  const load = async (text: string) => {
    const file = join(folder, 'one.ts');
    await writeFile(file, `export default [${text}];`);
    return loadRoutes(folder);
  };
  await assert.rejects(
    load(`{ method: 'get', path: '/api/x', summary: 'x', answers: { 200: null }, handle: () => 1 }`),
    /get \/api\/x in routes\/one\.ts does not say which role may call it/,
  );
  const other = await temporaryFolder(t);
  await writeFile(
    join(other, 'two.ts'),
    `export default [{ method: 'get', path: '/api/x/:id', role: 'none', summary: 'x', answers: { 200: null } }];`,
  );
  await assert.rejects(loadRoutes(other), /does not check its parameters/);
});
