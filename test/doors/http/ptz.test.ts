import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Role } from '#server/model/user.ts';
import { type Asked, ask } from '#test/fakes/ask.ts';
import { ADMIN, openWorld } from '#test/fakes/http-services.ts';

async function opened(t: Parameters<typeof openWorld>[0]) {
  const open = await openWorld(t);
  await open.world.addSource('cam1', { groups: ['yard'] });
  await open.world.addSource('cam2');
  open.world.ptz.movable.add('cam1');
  const keyOf = async (role: Role, groups: string[] | null = null) => {
    const body = { name: role, role, groups };
    const made = await ask(`${open.url}/api/keys`, { method: 'POST', headers: ADMIN, body });
    assert.equal(made.status, 201, made.text);
    return { 'x-api-key': made.json.secret };
  };
  const at = (path: string, asked: Asked = {}, id = 'cam1') =>
    ask(`${open.url}/api/sources/${id}/ptz${path}`, { method: 'POST', ...asked });
  return { ...open, keyOf, at };
}

test('viewers see how a camera can be moved; operators move it', async t => {
  const { at, keyOf, world } = await opened(t);
  const viewer = await keyOf('viewer');
  const operator = await keyOf('operator');
  const seen = await at('', { method: 'GET', headers: viewer });
  assert.deepEqual(seen.json, {
    canTurn: true,
    canZoom: false,
    presets: [{ id: '1', name: 'Gate' }],
    at: null,
    position: { pan: 0, tilt: 0.5, zoom: null, isMoving: false },
  });
  for (const [path, method] of [
    ['/move', 'POST'],
    ['/stop', 'POST'],
    ['/presets/1', 'POST'],
    ['/presets/1', 'PUT'],
  ] as const) {
    assert.equal((await at(path, { method, headers: viewer, body: {} })).json.code, 'role-missing', path);
  }
  const moved = await at('/move', { headers: operator, body: { pan: -1, for: '500ms' } });
  assert.deepEqual([moved.status, moved.json], [202, { stopsAfterMs: 500 }]);
  await at('/move', { headers: operator, body: { pan: -1 } });
  assert.equal((await at('/stop', { headers: operator })).status, 204);
  assert.equal((await at('/presets/2', { headers: operator })).status, 204);
  const saved = await at('/presets/new', { method: 'PUT', headers: operator, body: { name: 'Path' } });
  assert.equal(saved.status, 200);
  assert.deepEqual(world.ptz.orders, ['move -1 0 0 500', 'move -1 0 0 1000', 'stop', 'save new Path']);
  assert.deepEqual(world.commands.at(-1)?.command, { do: 'ptz-go', sourceId: 'cam1', preset: '2' });
});

test('who turned a camera is in the audit once for each time', async t => {
  const { url, at } = await opened(t);
  for (let i = 0; i < 3; i++) await at('/move', { headers: ADMIN, body: { tilt: 1 } });
  const { json } = await ask(`${url}/api/audit`, { headers: ADMIN });
  assert.deepEqual(
    json.items.map((entry: { action: string }) => entry.action),
    ['ptz-move'],
  );
});

test('wrong orders are refused by name, and cameras out of sight are not there', async t => {
  const { at, keyOf } = await opened(t);
  for (const body of [{ pan: 2 }, { for: '6s' }, { for: 'long' }, { speed: 1 }]) {
    const refused = await at('/move', { headers: ADMIN, body });
    assert.deepEqual([refused.status, refused.json.errors?.length], [422, 1], JSON.stringify(body));
  }
  const elsewhere = await keyOf('operator', ['attic']);
  assert.equal((await at('/move', { headers: elsewhere, body: { pan: 1 } })).status, 404);
  assert.equal((await at('/stop', { headers: ADMIN }, 'cam2')).status, 404);
});
