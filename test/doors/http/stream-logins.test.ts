import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '#test/fakes/ask.ts';
import { ADMIN, openWorld } from '#test/fakes/http-services.ts';

test('admins make logins for recorders; a password is told once, and wrong names are refused', async t => {
  const { url } = await openWorld(t);
  const post = (body: unknown) => ask(`${url}/api/stream-logins`, { method: 'POST', headers: ADMIN, body });
  const made = await post({ name: 'frigate' });
  assert.equal(made.status, 201);
  assert.ok(made.json.secret.length >= 20);
  assert.equal((await post({ name: 'frigate' })).json.code, 'conflict');
  assert.equal((await post({ name: 'a b' })).json.errors[0].path, 'name');
  const { text, json } = await ask(`${url}/api/stream-logins`, { headers: ADMIN });
  assert.deepEqual(json.items, [{ name: 'frigate', groups: null }]);
  assert.ok(!text.includes(made.json.secret));
  const remove = () => ask(`${url}/api/stream-logins/frigate`, { method: 'DELETE', headers: ADMIN });
  assert.deepEqual([(await remove()).status, (await remove()).status], [204, 404]);
});
