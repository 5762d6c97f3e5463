import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '#test/fakes/ask.ts';
import { ADMIN, openWorld } from '#test/fakes/http-services.ts';

test('admins see which decoders work, and have them tried anew', async t => {
  const { world, history, url } = await openWorld(t);
  const { status, json } = await ask(`${url}/api/hardware`, { headers: ADMIN });
  assert.equal(status, 200);
  assert.deepEqual(
    [json.preference, json.ffmpeg, json.uses],
    ['auto', '5.1.9', { h264: 'vaapi', h265: 'software' }],
  );
  assert.equal(json.rows[0].reason, 'Works.');
  const begun = await ask(`${url}/api/hardware/probe`, { method: 'POST', headers: ADMIN });
  assert.deepEqual([begun.status, world.hardware.probes], [202, 1]);
  const { items } = await history.audit.list({ limit: 1 });
  assert.equal(items[0]?.action, 'probe-hardware');
});

test('nobody else does', async t => {
  const { world, url } = await openWorld(t);
  assert.equal((await ask(`${url}/api/hardware`)).status, 401);
  assert.equal((await ask(`${url}/api/hardware/probe`, { method: 'POST' })).status, 401);
  assert.equal(world.hardware.probes, 0);
});
