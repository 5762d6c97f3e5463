import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Found, foundSchema } from '#server/model/discovery.ts';
import { ask } from '#test/fakes/ask.ts';
import { ADMIN, type OpenWorld, openWorld } from '#test/fakes/http-services.ts';
import { jpegOf } from '#test/peers/http-camera.ts';

const FOUND: Found = foundSchema.parse({
  id: '10-0-0-7',
  name: 'Porch',
  maker: 'Tulip',
  model: '',
  address: '10.0.0.7',
  ways: [{ kind: 'rtsp', options: { url: 'rtsp://10.0.0.7/' }, needsLogin: true }],
  needsLogin: true,
  hasPicture: false,
  by: ['rtsp'],
  seenAt: '2026-01-01T00:00:00.000Z',
  sourceId: null,
});

const audit = async ({ url }: OpenWorld) => {
  const { json } = await ask(`${url}/api/audit`, { headers: ADMIN });
  // At one instant of the clock their order is nobody's.
  return json.items
    .map((entry: { action: string; detail: string }) => `${entry.action} ${entry.detail}`)
    .sort();
};

test('a scan is started, followed and cancelled; each is in the audit', async t => {
  const open = await openWorld(t);
  const { url, world } = open;
  const post = (body?: unknown) => ask(`${url}/api/discovery/scan`, { method: 'POST', headers: ADMIN, body });
  const started = await post({ subnets: ['192.168.1.0/24'], methods: ['onvif'] });
  assert.deepEqual([started.status, started.json.id, started.json.total], [202, 'scan1', 4]);
  assert.equal((await post()).status, 202, 'nothing has to be said');
  assert.deepEqual(world.discovery.requests, [{ subnets: ['192.168.1.0/24'], methods: ['onvif'] }, {}]);
  const scan = `${url}/api/discovery/scans/scan1`;
  assert.equal((await ask(scan, { headers: ADMIN })).json.status, 'running');
  assert.equal((await ask(`${url}/api/discovery/scans`, { headers: ADMIN })).json.items[0].id, 'scan1');
  assert.equal((await ask(scan, { method: 'DELETE', headers: ADMIN })).json.status, 'cancelled');
  assert.equal((await ask(`${url}/api/discovery/scans/other`, { headers: ADMIN })).status, 404);
  const refused = await post({ methods: ['telnet'], ports: [22] });
  assert.deepEqual(
    refused.json.errors.map((error: { path: string }) => error.path),
    ['methods.0', 'ports'],
  );
  assert.deepEqual(await audit(open), [
    'cancel-scan 192.168.1.0/24',
    'scan-network 192.168.1.0/24: onvif',
    'scan-network 192.168.1.0/24: onvif',
  ]);
});

test('what was found is shown with its picture and becomes a source with its login', async t => {
  const open = await openWorld(t);
  const { url, world } = open;
  const { discovery } = world;
  discovery.things.push(FOUND);
  const image = await jpegOf(64, 48);
  discovery.pictures.set(FOUND.id, { image, type: 'image/jpeg', at: 0, width: 64, height: 48 });
  const at = `${url}/api/discovery/found`;
  assert.deepEqual((await ask(at, { headers: ADMIN })).json.items, [FOUND]);
  const picture = await ask(`${at}/${FOUND.id}/picture?at=now`, { headers: ADMIN });
  assert.deepEqual([picture.headers['content-type'], picture.bytes.length], ['image/jpeg', image.length]);
  const body = { username: 'ann', password: 'tulip', name: 'Porch' };
  const added = await ask(`${at}/${FOUND.id}/add`, { method: 'POST', headers: ADMIN, body });
  assert.deepEqual([added.status, added.json.name, added.json.options.password], [201, 'Porch', '********']);
  assert.equal(world.sources.get(added.json.id).options['password'], 'tulip');
  assert.deepEqual(await audit(open), ['create-source Porch, found in the network']);
  const gone = await ask(`${at}/other/add`, { method: 'POST', headers: ADMIN, body: {} });
  assert.equal(gone.status, 404);
});

test('networks and plugged-in cameras are listed', async t => {
  const { url } = await openWorld(t);
  const items = async (what: string) =>
    (await ask(`${url}/api/discovery/${what}`, { headers: ADMIN })).json.items;
  assert.equal((await items('subnets'))[0].cidr, '192.168.1.0/24');
  assert.equal((await items('devices'))[0].path, '/dev/video0');
});
