/** Scans of loopback with real cameras: what is found, what is not touched, and how it ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bonjour } from 'bonjour-service';
import { systemClock } from '#server/base/clock.ts';
import { createEgress } from '#server/base/egress.ts';
import { silentLog } from '#server/base/log.ts';
import { foundSchema, scanSchema } from '#server/model/discovery.ts';
import type { SourceDraft } from '#server/model/source.ts';
import { createDiscover, type DiscoverParts } from '#server/stages/discover/discover.ts';
import { freePort } from '#test/fakes/free-port.ts';
import { loopbackEgress } from '#test/fakes/onvif.ts';
import { until } from '#test/fakes/until.ts';
import { aSource } from '#test/fakes/watch-bench.ts';
import { jpegOf, startHttpCamera } from '#test/peers/http-camera.ts';
import { startOnvifCamera } from '#test/peers/onvif-camera.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';
import { probeMatch, startWsResponder } from '#test/peers/ws-responder.ts';

const HERE = ['127.0.0.1/32'];
const LOGIN = { username: 'ann', password: 'tulip' };

function discovery(over: Partial<DiscoverParts> = {}) {
  const looked: SourceDraft[] = [];
  const discover = createDiscover({
    clock: systemClock,
    log: silentLog,
    egress: loopbackEgress(),
    sources: () => [],
    ports: { rtsp: [], http: [] },
    listenMs: 300,
    own: () => [{ cidr: '127.0.0.1/32', address: '127.0.0.1', name: 'lo' }],
    async look(draft) {
      looked.push(draft);
      return { image: await jpegOf(64, 48), type: 'image/jpeg', at: 0, width: 64, height: 48 };
    },
    ...over,
  });
  return { discover, looked };
}

test('cameras on the ports of a network are found once each, with the best way first and a picture', async () => {
  await using stream = await startRtspCamera();
  await using onvif = await startOnvifCamera({ stream: stream.url });
  const { discover, looked } = discovery({
    ports: { rtsp: [stream.port, 9], http: [onvif.port, 10] },
    sources: () => [aSource({ id: 'have1234', options: { url: 'rtsp://127.0.0.1:554/' } })],
  });
  await using _ = discover;
  const started = await discover.scan({ subnets: HERE, methods: ['rtsp', 'http'] });
  scanSchema.parse(started);
  assert.equal(started.status, 'running');
  await discover.settled();
  const scan = discover.scanOf(started.id);
  assert.deepEqual([scan.status, scan.found, scan.notes], ['done', 1, []]);
  assert.equal(scan.done, scan.total);
  assert.deepEqual(discover.scans(), [scan]);
  const [found = assert.fail(), ...others] = discover.found();
  foundSchema.parse(found);
  assert.equal(others.length, 0);
  assert.deepEqual(
    found.ways.map(way => [way.kind, way.options, way.needsLogin]),
    [
      ['onvif', { address: onvif.address }, false],
      ['rtsp', { url: stream.url }, false],
      ['image', { url: `http://${onvif.address}/snapshot.jpg` }, false],
    ],
  );
  assert.deepEqual(
    [found.name, found.maker, found.sourceId],
    ['Tulip & Sons Eye 2', 'Tulip & Sons', 'have1234'],
  );
  assert.equal(found.hasPicture, true);
  assert.equal(looked[0]?.kind, 'onvif');
  assert.equal(discover.picture(found.id).width, 64);
});

test('a camera that answers the multicast question is asked where the answer came from, whatever it claims', async () => {
  await using camera = await startOnvifCamera({ login: { ...LOGIN, scheme: 'wsse' } });
  const claims = `http://169.254.169.254/onvif http://10.9.9.9/onvif http://${camera.address}/onvif/device_service`;
  await using responder = await startWsResponder([probeMatch(claims)]);
  const { discover, looked } = discovery({ wsTo: { host: '127.0.0.1', port: responder.port } });
  await using _ = discover;
  await discover.scan({ subnets: HERE, methods: ['onvif'] });
  await discover.settled();
  const [found = assert.fail()] = discover.found();
  assert.deepEqual(
    [found.name, found.needsLogin, found.hasPicture, found.by],
    ['Front door', true, false, ['onvif']],
  );
  assert.deepEqual(looked, [], 'nothing is tried without a login that needs one');
  const draft = discover.draftOf(found.id, { ...LOGIN, groups: ['yard'] });
  assert.deepEqual(
    [draft.kind, draft.options, draft.groups],
    ['onvif', { address: camera.address, ...LOGIN }, ['yard']],
  );
  assert.throws(() => discover.draftOf(found.id, { kind: 'usb' }), {
    code: 'body-invalid',
    message: /Use one of: onvif/,
  });
  assert.throws(() => discover.draftOf('other', {}), { code: 'not-found' });
  assert.throws(() => discover.picture(found.id), { code: 'not-found' });
});

test('only private networks are looked through, and this machine only where that is allowed', async () => {
  const policy = () => ({
    allowLoopback: false,
    websitesMayReachLan: true,
    exceptions: [],
    ownPorts: () => [],
  });
  const egress = createEgress({ policy, clock: systemClock, log: silentLog });
  const { discover } = discovery({ egress });
  await using _ = discover;
  await assert.rejects(discover.scan({ subnets: ['1.1.1.0/24'] }), { code: 'address-refused' });
  await assert.rejects(discover.scan({ subnets: ['10.0.0.0/16'] }), { code: 'body-invalid' });
  await assert.rejects(discover.scan({ subnets: HERE }), {
    code: 'address-refused',
    message: /Allow addresses of this machine/,
  });
});

test('ports of the hub itself are left alone', async () => {
  await using server = await startHttpCamera((_request, response) => void response.end('hello'));
  const port = Number(new URL(server.url).port);
  const policy = () => ({
    allowLoopback: true,
    websitesMayReachLan: true,
    exceptions: [],
    ownPorts: () => [port],
  });
  const egress = createEgress({ policy, clock: systemClock, log: silentLog });
  const { discover } = discovery({ egress, ports: { http: [port], rtsp: [] } });
  await using _ = discover;
  const { id } = await discover.scan({ subnets: HERE, methods: ['http'] });
  await discover.settled();
  assert.equal(discover.scanOf(id).status, 'done');
  assert.equal(server.requests.length, 0);
});

test('one scan at a time; it can be cancelled, and ends with the hub', async () => {
  await using mute = await startHttpCamera(() => undefined);
  const http = [Number(new URL(mute.url).port)];
  const { discover } = discovery({ ports: { http, rtsp: [] } });
  const { id } = await discover.scan({ subnets: HERE, methods: ['http'] });
  await assert.rejects(discover.scan({ subnets: HERE }), { code: 'conflict', message: /searched already/ });
  await until('it was asked', () => mute.requests.length > 0);
  const ended = await discover.cancel(id);
  assert.equal(ended.status, 'cancelled');
  assert.notEqual(ended.endedAt, null);
  assert.equal((await discover.cancel(id)).status, 'cancelled', 'once more is harmless');
  const second = await discover.scan({ subnets: HERE, methods: ['http'] });
  await discover[Symbol.asyncDispose]();
  assert.equal(discover.scanOf(second.id).status, 'cancelled');
  assert.throws(() => discover.scanOf('other'), { code: 'not-found' });
});

test('what cannot be done is noted and the rest goes on', async () => {
  await using camera = await startOnvifCamera({ isFixed: true });
  const { discover } = discovery({
    own: () => [{ cidr: '203.0.113.0/24', address: '203.0.113.7', name: 'gone' }],
    ports: { http: [camera.port], rtsp: [] },
    look: () => Promise.reject(new Error('no picture')),
  });
  await using _ = discover;
  const { id } = await discover.scan({ subnets: HERE, methods: ['onvif', 'http'] });
  await discover.settled();
  const { status, notes, found } = discover.scanOf(id);
  assert.deepEqual([status, found, discover.found()[0]?.hasPicture], ['done', 1, false]);
  assert.match(notes.join(), /could not be asked for ONVIF cameras/);
});

test('what announces itself is found under the name that it says', async t => {
  await using stream = await startRtspCamera();
  const mdnsPort = await freePort();
  const announcer = new Bonjour({ port: mdnsPort, interface: '127.0.0.1', bind: '0.0.0.0' } as object);
  t.after(() => new Promise<void>(resolve => announcer.destroy(() => resolve())));
  announcer.publish({ name: 'Porch', type: 'rtsp', port: stream.port, probe: false });
  const { discover } = discovery({ mdnsPort, listenMs: 2000 });
  await using _ = discover;
  await discover.scan({ subnets: HERE, methods: ['mdns'] });
  await discover.settled();
  const [found = assert.fail()] = discover.found();
  assert.deepEqual([found.name, found.by, found.ways[0]?.options], ['Porch', ['mdns'], { url: stream.url }]);
});
