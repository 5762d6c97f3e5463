/** The real hub against real peers: an RTSP server, an MJPEG server, a page, Mosquitto; all of them lost and found again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Source } from '#server/model/source.ts';
import type { SourceState } from '#server/model/state.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { until } from '#test/fakes/until.ts';
import { type HubProcess, startHubProcess } from '#test/peers/hub-process.ts';
import { startMjpegCamera } from '#test/peers/mjpeg-camera.ts';
import { freePort, startMosquitto } from '#test/peers/mosquitto.ts';
import { Onlooker } from '#test/peers/mqtt-onlooker.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';
import { startWebSite } from '#test/peers/web-site.ts';

const LIMIT = 2_000_000;

const stateOf = (hub: HubProcess, id: string) => hub.api<SourceState>('GET', `api/sources/${id}/state`);
const isOk = async (hub: HubProcess, id: string) => (await stateOf(hub, id)).status === 'ok';

async function add(hub: HubProcess, draft: object): Promise<string> {
  return (await hub.api<Source>('POST', 'api/sources', draft)).id;
}

async function openLoopback(hub: HubProcess): Promise<void> {
  await hub.api('PATCH', 'api/settings', { network: { allowLoopback: true }, mqtt: { imageEvery: '1s' } });
}

/** Figures and instants differ from moment to moment. */
const PASSING =
  /capture|since|_ms$|_mib$|_gib$|_at$|load_time|title|fps|reconnects|bit_rate|cpu|memory|dropped/;

/** Every retained text of our own topics that says how things stand; of pictures, only that there is one. */
async function kept(onlooker: Onlooker): Promise<Map<string, string>> {
  const ours = [...(await onlooker.retained())].filter(([topic]) => /glimpser|homeassistant/.test(topic));
  return new Map(
    ours.map(([topic, text]) => [topic, /\/(image|preview)$/.test(topic) ? 'picture' : lasting(text)]),
  );
}

function lasting(text: string): string {
  if (!text.startsWith('{')) return text;
  return JSON.stringify(JSON.parse(text), (key, value) => (PASSING.test(key) ? undefined : value));
}

test('camera and broker are killed and come back; online, offline and retained states follow', async t => {
  const folder = await temporaryFolder(t);
  const [brokerPort, cameraPort] = [await freePort(), await freePort()];
  const url = `mqtt://127.0.0.1:${brokerPort}`;
  let broker = await startMosquitto({ port: brokerPort, maxPacketBytes: LIMIT });
  let camera = await startRtspCamera({ port: cameraPort });
  await using mjpeg = await startMjpegCamera();
  await using site = await startWebSite();
  await using hub = await startHubProcess({ folder, env: { MQTT_URL: url } });
  await openLoopback(hub);
  const rtsp = await add(hub, { name: 'Front door', kind: 'rtsp', options: { url: camera.url } });
  const yard = await add(hub, { name: 'Yard', kind: 'mjpeg', options: { url: mjpeg.url } });
  const page = await add(hub, {
    name: 'Status page',
    kind: 'website',
    schedule: '2s',
    options: { url: `${site.url}/normal` },
  });
  let onlooker = await Onlooker.open({ url });
  // Whatever fails, no peer may outlive the test.
  t.after(async () => {
    for (const peer of [onlooker, broker, camera]) await peer[Symbol.asyncDispose]();
  });
  const availability = async (id: string) => (await onlooker.retained()).get(`glimpser/${id}/availability`);

  for (const id of [rtsp, yard, page]) {
    await until(`${id} is ok`, () => isOk(hub, id));
    await until(`${id} is online`, async () => (await availability(id)) === 'online');
    await until(`${id} sends pictures`, () =>
      onlooker.heard.some(({ topic }) => topic === `glimpser/${id}/image`),
    );
  }
  await until(
    'devices are announced',
    async () => [...(await kept(onlooker)).keys()].filter(topic => topic.endsWith('/config')).length === 4,
  );
  const before = await kept(onlooker);

  await camera[Symbol.asyncDispose]();
  await until('the camera is offline', async () => (await availability(rtsp)) === 'offline');
  assert.match((await stateOf(hub, rtsp)).reason, /Front door/);
  camera = await startRtspCamera({ port: cameraPort });
  await until('the camera is back', async () => (await availability(rtsp)) === 'online');

  await onlooker[Symbol.asyncDispose]();
  await broker[Symbol.asyncDispose]();
  await until(
    'the loss of the broker is said',
    async () => (await hub.api<{ status: string }>('GET', 'api/mqtt')).status !== 'online',
  );
  assert.ok(await isOk(hub, yard), 'capturing goes on without a broker');
  broker = await startMosquitto({ port: brokerPort, maxPacketBytes: LIMIT });
  onlooker = await Onlooker.open({ url });
  assert.equal(before.get(`glimpser/${rtsp}/availability`), 'online');
  assert.match(before.get(`glimpser/${page}/state`) ?? '', /"status":"ok".*"http_status":200/);
  assert.equal(before.get(`glimpser/${yard}/image`), 'picture');
  await until('nothing retained is lost, and all says the same', async () => {
    const after = await kept(onlooker);
    return [...before].every(([topic, text]) => after.get(topic) === text);
  });

  await hub.api('DELETE', `api/sources/${yard}`);
  await until('a removed source leaves no ghost', async () =>
    [...(await kept(onlooker)).keys()].every(topic => !topic.includes(yard)),
  );
  assert.equal(await hub.end('SIGTERM'), 0);
  assert.equal((await onlooker.retained()).get('glimpser/bridge/state'), 'offline');
});

test('kill -9 loses nothing that was configured or kept', async t => {
  const folder = await temporaryFolder(t);
  const first = await startHubProcess({ folder });
  const id = await add(first, { name: 'Test', kind: 'test', options: { width: 320, height: 180 } });
  await until('a picture is kept', async () => {
    const list = await first.api<{ items: unknown[] }>('GET', `api/captures?source=${id}`);
    return list.items.length > 0;
  });
  await first.end('SIGKILL');
  await using second = await startHubProcess({ folder });
  assert.equal((await second.api<Source>('GET', `api/sources/${id}`)).name, 'Test');
  const list = await second.api<{ items: Array<{ id: string }> }>('GET', `api/captures?source=${id}`);
  assert.ok(list.items.length > 0);
  await until('it runs again', () => isOk(second, id));
});
