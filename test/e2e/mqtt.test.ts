/** What the real hub says over MQTT: to the broker of a house and on its own. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import sharp from 'sharp';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { until } from '#test/fakes/until.ts';
import { type HubProcess, startHubProcess } from '#test/peers/hub-process.ts';
import { startMosquitto } from '#test/peers/mosquitto.ts';
import { Onlooker } from '#test/peers/mqtt-onlooker.ts';
import { startStillCamera } from '#test/peers/still-camera.ts';

const LIMIT = 2_000_000;
const INFO = 'glimpser/bridge/info';

/** Another client of the hub's own broker, with the login that admins see. */
async function lookOnBuiltIn(t: TestContext, hub: HubProcess): Promise<Onlooker> {
  const broker = await until('the built-in broker runs', () =>
    hub
      .api<{ host: string; port: number; username: string; password: string }>('GET', 'api/mqtt/broker')
      .catch(() => undefined),
  );
  const { host, port, ...login } = broker;
  const onlooker = await Onlooker.open({ url: `mqtt://${host}:${port}`, ...login });
  t.after(() => onlooker[Symbol.asyncDispose]());
  return onlooker;
}

test('a picture over the limit reaches a broker with a packet limit as one that fits', async t => {
  const [width, height] = [1920, 1400];
  const noise = sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } });
  const large = await noise.jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer();
  assert.ok(large.length > 2_500_000, `${large.length} bytes`);
  await using camera = await startStillCamera({ body: large });
  await using broker = await startMosquitto({ maxPacketBytes: LIMIT });
  await using onlooker = await Onlooker.open(broker);
  const env = { MQTT_URL: broker.url };
  await using hub = await startHubProcess({ folder: await temporaryFolder(t), env });
  const prefer = (mqtt: object) =>
    hub.api('PATCH', 'api/settings', {
      network: { allowLoopback: true },
      mqtt: { imageEvery: '1s', ...mqtt },
    });
  await prefer({});
  const draft = { name: 'Lobby', kind: 'image', schedule: '1s', options: { url: camera.url } };
  const { id } = await hub.api<{ id: string }>('POST', 'api/sources', draft);
  const topic = `glimpser/${id}/image`;
  const pictureOf = async (least: number, most: number) => {
    const { payload } = await until(`a picture from ${least} to ${most} bytes`, () =>
      onlooker.heard.findLast(heard => heard.topic === topic && heard.payload.length >= least),
    );
    assert.ok(payload.length <= most, `${payload.length} bytes`);
    assert.equal((await sharp(payload).metadata()).format, 'jpeg');
  };
  await pictureOf(1, 1_000_000);
  await prefer({ maxPacketBytes: 10_000_000 });
  await pictureOf(1_000_001, LIMIT);
  const mqtt = await hub.api<{ status: string }>('GET', 'api/mqtt');
  assert.equal(mqtt.status, 'online');
  assert.ok(!hub.lines.some(line => line.includes('was lost')), 'the connection stayed');
});

test('the log level that is set is told at once, and is no entity where the environment fixes it', async t => {
  const folder = await temporaryFolder(t);
  const levelOf = async (onlooker: Onlooker) =>
    JSON.parse((await onlooker.retained()).get(INFO) ?? '{}').log_level;
  const hubOf = async (onlooker: Onlooker) =>
    until('the hub is announced', async () => {
      const found = [...(await onlooker.retained())].find(([topic]) =>
        topic.startsWith('homeassistant/device/'),
      );
      return found && Object.keys(JSON.parse(found[1]).components);
    });
  await using first = await startHubProcess({ folder });
  const looking = await lookOnBuiltIn(t, first);
  await until('the first level', async () => (await levelOf(looking)) === 'info');
  await looking.publish('glimpser/bridge/request/options', '{"options":{"log_level":"warning"}}');
  await until('the new level', async () => (await levelOf(looking)) === 'warning');
  assert.ok((await hubOf(looking)).includes('log_level'));
  await first.end();

  await using second = await startHubProcess({ folder });
  assert.equal(await until('a level', async () => levelOf(await lookOnBuiltIn(t, second))), 'warning');
  await second.end();

  await using third = await startHubProcess({ folder, env: { LOG_LEVEL: 'error' } });
  const onlooker = await lookOnBuiltIn(t, third);
  assert.ok(!(await hubOf(onlooker)).includes('log_level'));
  await onlooker.publish('glimpser/bridge/request/options', '{"options":{"log_level":"debug"}}');
  const answer = await until('a sentence', () => onlooker.texts('glimpser/bridge/response/options')[0]);
  assert.match(JSON.parse(answer).error, /fixes the log level by LOG_LEVEL/);
  assert.equal(await levelOf(onlooker), 'error');
});

test('--demo shows a camera and a website that work, also to Home Assistant', async t => {
  await using hub = await startHubProcess({ folder: await temporaryFolder(t), args: ['--demo'] });
  const sources = await until('both are ok', async () => {
    const { items } = await hub.api<{ items: Array<{ id: string; kind: string; name: string }> }>(
      'GET',
      'api/sources',
    );
    const states = items.map(({ id }) => hub.api<{ status: string }>('GET', `api/sources/${id}/state`));
    const areOk = (await Promise.all(states)).every(({ status }) => status === 'ok');
    return items.length === 2 && areOk && items;
  });
  assert.deepEqual(sources.map(({ kind }) => kind).sort(), ['test', 'website']);
  const onlooker = await lookOnBuiltIn(t, hub);
  for (const { id, name } of sources) {
    await until(`${name} is announced with a picture`, async () => {
      const kept = await onlooker.retained();
      const config = [...kept].find(([topic]) => topic.endsWith(`_${id}/config`))?.[1] ?? '{}';
      const isShown =
        kept.get(`glimpser/${id}/availability`) === 'online' && kept.has(`glimpser/${id}/image`);
      return isShown && JSON.parse(config).device?.name === name;
    });
  }
});
