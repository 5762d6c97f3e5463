import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import { problemOf } from '#server/doors/http/problem.ts';
import { ask } from '#test/fakes/ask.ts';
import { ADMIN, openWorld } from '#test/fakes/http-services.ts';

test('a failure is a problem document with a sentence, a code and an id', async t => {
  const { url } = await openWorld(t);
  const { status, headers, json } = await ask(`${url}/api/sources/nobody`, { headers: ADMIN });
  assert.equal(status, 404);
  assert.equal(headers['content-type'], 'application/problem+json; charset=utf-8');
  assert.deepEqual(json, {
    type: 'urn:glimpser:problem:not-found',
    title: 'There is no such thing',
    status: 404,
    detail: 'There is no source “nobody”.',
    code: 'not-found',
    errors: [],
    requestId: headers['x-request-id'],
  });
});

test('what is our own mistake stays in the log', () => {
  const problem = problemOf(new GlimpserError('internal', 'secret: undefined is not a function'), 'r1');
  assert.match(problem.detail, /The log has the details under r1/);
  assert.ok(!JSON.stringify(problem).includes('secret'));
});

test('bodies that are no JSON, too large or of another type get a sentence', async t => {
  const { url } = await openWorld(t);
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    ask(`${url}/api/groups`, { method: 'POST', headers: { ...ADMIN, ...headers }, body });
  const cut = await post('{"id": "a');
  assert.deepEqual([cut.status, cut.json.code], [400, 'body-unreadable']);
  const large = await post({ id: 'a', name: 'x'.repeat(1_100_000) });
  assert.deepEqual([large.status, large.json.code], [413, 'body-too-large']);
  const form = await post('id=a', { 'content-type': 'application/x-www-form-urlencoded' });
  assert.match(form.json.detail, /must be JSON/);
  const none = await post(undefined);
  assert.deepEqual([none.status, none.json.errors[0].path], [422, 'id']);
});

test('an address that is not there, and a method that it does not take', async t => {
  const { url } = await openWorld(t);
  assert.equal((await ask(`${url}/api/nothing`)).json.code, 'not-found');
  const { status, headers, json } = await ask(`${url}/api/info`, { method: 'POST', headers: ADMIN });
  assert.deepEqual([status, headers.allow, json.code], [405, 'GET, HEAD', 'method-refused']);
  assert.equal((await ask(`${url}/api/sources/%E0%A4%A`, { headers: ADMIN })).status, 400);
});

test('every answer carries the headers that keep pages honest', async t => {
  const { url } = await openWorld(t);
  for (const path of ['/', '/api/auth/state', '/api/nothing']) {
    const { headers } = await ask(url + path);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /script-src 'self';/);
    assert.match(policy, /frame-ancestors 'self'/);
    assert.ok(!policy.includes('unsafe-eval'), path);
    assert.equal(headers['x-frame-options'], undefined);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['x-powered-by'], undefined);
  }
});

test('too many requests are slowed down, and time helps', async t => {
  const { url, world } = await openWorld(t);
  const asked = async () => (await ask(`${url}/api/auth/state`)).status;
  const many = await Promise.all(Array.from({ length: 620 }, asked));
  assert.equal(many.filter(status => status === 429).length, 20);
  assert.equal((await ask(`${url}/healthz`)).status, 200, 'who watches the hub is never refused');
  await world.clock.advance(1000);
  assert.equal(await asked(), 200);
});

test('a page is asked for anew only when it has changed', async t => {
  const { url } = await openWorld(t);
  const first = await ask(`${url}/api/groups`, { headers: ADMIN });
  const again = await ask(`${url}/api/groups`, {
    headers: { ...ADMIN, 'if-none-match': String(first.headers.etag) },
  });
  assert.deepEqual([again.status, again.text], [304, '']);
});

test('rubbish on the port is refused and the hub goes on', async t => {
  const { url } = await openWorld(t);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('\x16\x03\x01 this is not HTTP\r\n\r\n');
  assert.match(await text(socket), /^HTTP\/1\.1 400/);
  assert.equal((await ask(`${url}/healthz`)).status, 200);
});

test('a wrong value is said in words, with the name of its field', async t => {
  const { url } = await openWorld(t);
  const send = async (method: string, path: string, body: unknown) =>
    (await ask(url + path, { method, headers: ADMIN, body })).json.detail;
  const settings = { mqtt: { enabled: 'yes' }, colour: 'red' };
  assert.equal(
    await send('PATCH', '/api/settings', settings),
    'mqtt.enabled must be true or false; colour is not known here; remove it or correct its name.',
  );
  assert.equal(await send('POST', '/api/auth/refresh', {}), 'refreshToken is missing; it must be a text.');
  assert.equal(await send('POST', '/api/groups', []), 'the body must be an object.');
  assert.equal(await send('GET', '/api/events?limit=many', undefined), 'limit must be a number.');
});
