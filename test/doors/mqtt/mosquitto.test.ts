/** The MQTT door against a real Mosquitto: what stays on the broker, what comes back, and what leaves no trace. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMqttDoor, type MqttDoor } from '#server/doors/mqtt/door.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { MqttWorld } from '#test/fakes/mqtt-world.ts';
import { until } from '#test/fakes/until.ts';
import { freePort, startMosquitto } from '#test/peers/mosquitto.ts';
import { Onlooker } from '#test/peers/mqtt-onlooker.ts';
import { startTcpProxy } from '#test/peers/tcp-proxy.ts';

const HUB = 'homeassistant/device/glimpser_a1b2c3/config';
const FRONT = 'homeassistant/device/glimpser_a1b2c3_s7f3/config';
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xd9]);
const SIZE = { width: 4, height: 3 };

/** Lets time pass until a condition holds. */
function passing<T>(
  clock: FakeClock,
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
) {
  return until(what, async () => {
    await clock.advance(250);
    return ask();
  });
}

function openDoor(world: MqttWorld, url: string, more: Record<string, string> = {}): MqttDoor {
  const door = createMqttDoor(world.services({ MQTT_URL: url, ...more }));
  door.start();
  return door;
}

function worldOf(clock: FakeClock, instance?: string): MqttWorld {
  const world = new MqttWorld(clock, instance);
  world.addSource('s7f3');
  world.changeState('s7f3', { status: 'ok', isOnline: true, reason: 'Pictures come' });
  return world;
}

test('devices, states and pictures stand on the broker, and again after it lost them all', async () => {
  const clock = new FakeClock();
  const world = worldOf(clock);
  world.capture('s7f3', JPEG, SIZE);
  const first = await startMosquitto();
  await using door = openDoor(world, first.url);
  const check = async (url: string) => {
    await using onlooker = await Onlooker.open({ url });
    const kept = await passing(clock, 'everything is kept', async () => {
      const found = await onlooker.retained();
      return found.has(FRONT) && found.has('glimpser/s7f3/image') && found;
    });
    assert.equal(kept.get('glimpser/bridge/state'), 'online');
    assert.equal(kept.get('glimpser/s7f3/availability'), 'online');
    assert.equal(JSON.parse(kept.get('glimpser/s7f3/state') ?? '').status, 'ok');
    assert.equal(JSON.parse(kept.get('glimpser/bridge/info') ?? '').version, '0.1.0');
    assert.equal(kept.get('glimpser/s7f3/interval'), '10');
    assert.ok(kept.has(HUB));
  };
  await check(first.url);
  assert.equal(door.state.status, 'online');
  await first[Symbol.asyncDispose]();
  await passing(clock, 'the loss is seen', () => door.state.status === 'offline');
  await using second = await startMosquitto({ port: first.port });
  await check(second.url);
});

test('a cut wire makes the broker say offline; a clean end says it itself', async () => {
  const clock = new FakeClock();
  await using broker = await startMosquitto();
  await using onlooker = await Onlooker.open(broker);
  const proxy = await startTcpProxy(broker.port);
  const door = openDoor(worldOf(clock), `mqtt://127.0.0.1:${proxy.port}`);
  const states = () => onlooker.texts('glimpser/bridge/state').join();
  await passing(clock, 'online', () => states() === 'online');
  proxy.cut();
  await until('the will', () => states() === 'online,offline');
  await passing(clock, 'back again', () => states() === 'online,offline,online');
  await door[Symbol.asyncDispose]();
  await until('goodbye', () => states() === 'online,offline,online,offline');
  assert.equal(door.state.status, 'off');
  await proxy[Symbol.asyncDispose]();
});

test('Home Assistant is greeted after its start with devices, states and pictures, in this order', async () => {
  const clock = new FakeClock();
  const world = worldOf(clock);
  world.capture('s7f3', JPEG, SIZE);
  await using broker = await startMosquitto();
  await using onlooker = await Onlooker.open(broker);
  await onlooker.publish('homeassistant/status', 'online', true);
  await using _door = openDoor(world, broker.url);
  await passing(clock, 'announced', () => onlooker.texts(FRONT).length === 1);
  await clock.advance(10_000);
  await onlooker.retained();
  assert.equal(onlooker.texts(HUB).length, 1, 'a retained birth is from before us');
  onlooker.heard.length = 0;
  await onlooker.publish('homeassistant/status', 'online');
  await passing(clock, 'greeted', () => onlooker.texts('glimpser/s7f3/image').length > 0);
  const order = onlooker.heard.map(({ topic }) => topic);
  const places = [HUB, FRONT, 'glimpser/bridge/state', 'glimpser/s7f3/availability', 'glimpser/s7f3/image'];
  const found = places.map(topic => order.indexOf(topic));
  assert.deepEqual(
    found,
    found.toSorted((a, b) => a - b),
  );
  assert.ok(!found.includes(-1));
});

test('a removed source leaves nothing on the broker, also when it was removed while the broker was away', async () => {
  const clock = new FakeClock();
  const world = worldOf(clock);
  world.addSource('page', { kind: 'website', name: 'News' });
  world.capture('s7f3', JPEG, SIZE);
  await using broker = await startMosquitto();
  await using onlooker = await Onlooker.open(broker);
  await using proxy = await startTcpProxy(broker.port);
  await using door = openDoor(world, `mqtt://127.0.0.1:${proxy.port}`);
  const kept = async (id: string) =>
    [...(await onlooker.retained()).keys()].filter(topic => topic.includes(id));
  await passing(clock, 'pictures', async () => (await kept('s7f3')).includes('glimpser/s7f3/image'));
  await passing(clock, 'announced', async () => (await kept('page')).length > 3);
  world.removeSource('s7f3');
  await passing(clock, 'nothing of s7f3', async () => (await kept('s7f3')).length === 0);
  proxy.cut();
  await until('the loss is seen', () => door.state.status === 'offline');
  world.removeSource('page');
  await passing(clock, 'nothing of page', async () => (await kept('page')).length === 0);
});

test('what an earlier run left behind is cleared; what belongs to others stays', async () => {
  const clock = new FakeClock();
  await using broker = await startMosquitto();
  await using onlooker = await Onlooker.open(broker);
  const ours = { origin: { name: 'Glimpser' }, components: { camera: { platform: 'camera' } } };
  const stranger = { ...ours, origin: { name: 'Zigbee2MQTT' } };
  const left = (device: string, message: object) =>
    onlooker.publish(`homeassistant/device/${device}/config`, JSON.stringify(message), true);
  await left('glimpser_a1b2c3_gone', ours);
  await left('glimpser_a1b2c3_fake', stranger);
  await left('glimpser_ffffff_gone', ours);
  await onlooker.publish('glimpser/gone/image', JPEG, true);
  await onlooker.publish('glimpser/past/state', '{}', true);
  const sources = [{ id: 'past' }];
  await onlooker.publish('glimpser/bridge/sources', JSON.stringify({ instance: 'a1b2c3', sources }), true);
  await using _door = openDoor(worldOf(clock), broker.url);
  const kept = await passing(clock, 'cleared', async () => {
    const found = await onlooker.retained();
    const stale = [
      'homeassistant/device/glimpser_a1b2c3_gone/config',
      'glimpser/past/state',
      'glimpser/gone/image',
    ];
    return found.has(FRONT) && !stale.some(topic => found.has(topic)) && found;
  });
  assert.equal(kept.has('homeassistant/device/glimpser_a1b2c3_fake/config'), true);
  assert.equal(kept.has('homeassistant/device/glimpser_ffffff_gone/config'), true);
});

test('a component that an update removed is taken back, also when something changes right after the start', async () => {
  const clock = new FakeClock();
  const world = worldOf(clock);
  await using broker = await startMosquitto();
  await using onlooker = await Onlooker.open(broker);
  const old = { origin: { name: 'Glimpser' }, components: { relic: { platform: 'sensor', unique_id: 'x' } } };
  await onlooker.publish(FRONT, JSON.stringify(old), true);
  await using door = openDoor(world, broker.url);
  await until('online', () => door.state.status === 'online' && onlooker.texts('glimpser/s7f3/state').length);
  world.changeSource('s7f3', { name: 'Back door' });
  await passing(clock, 'the device', async () => {
    const text = (await onlooker.retained()).get(FRONT) ?? '';
    return text.includes('Back door') && !text.includes('relic');
  });
  const announced = onlooker.texts(FRONT).map(text => JSON.parse(text).components.relic);
  assert.deepEqual(announced, [{ platform: 'sensor', unique_id: 'x' }, { platform: 'sensor' }, undefined]);
});

test('two hubs on one broker leave each other alone', async () => {
  const clock = new FakeClock();
  await using broker = await startMosquitto();
  await using onlooker = await Onlooker.open(broker);
  const other = worldOf(clock, 'b9b9b9');
  await using _left = openDoor(worldOf(clock), broker.url);
  await passing(clock, 'the first hub', () => onlooker.texts(FRONT).length > 0);
  await using _right = openDoor(other, broker.url, { MQTT_BASE_TOPIC: 'cellar/glimpser' });
  const theirs = 'homeassistant/device/glimpser_b9b9b9_s7f3/config';
  await passing(clock, 'the second hub', () => onlooker.texts(theirs).length > 0);
  other.removeSource('s7f3');
  await passing(clock, 'its source is gone', async () => !(await onlooker.retained()).has(theirs));
  const kept = await onlooker.retained();
  assert.ok(kept.has(FRONT) && kept.has(HUB) && kept.has('glimpser/s7f3/state'));
  assert.ok(kept.has('cellar/glimpser/bridge/info') && !kept.has('cellar/glimpser/s7f3/state'));
  assert.deepEqual(other.warnings, []);
});

test('two hubs with one base topic are told', async () => {
  const clock = new FakeClock();
  await using broker = await startMosquitto();
  await using _left = openDoor(worldOf(clock), broker.url);
  await using onlooker = await Onlooker.open(broker);
  await passing(clock, 'the first hub', async () =>
    (await onlooker.retained()).has('glimpser/bridge/sources'),
  );
  const other = worldOf(clock, 'b9b9b9');
  await using _right = openDoor(other, broker.url);
  await passing(clock, 'a warning', () =>
    other.warnings.some(sentence => /a1b2c3.*MQTT_BASE_TOPIC/.test(sentence)),
  );
});

test('a new name is announced after a rest, once; a component that ends is taken back first', async () => {
  const clock = new FakeClock();
  const world = worldOf(clock);
  await using broker = await startMosquitto();
  await using onlooker = await Onlooker.open(broker);
  await using _door = openDoor(world, broker.url);
  await passing(clock, 'announced', () => onlooker.texts(FRONT).length === 1);
  const topics = new Set((await onlooker.retained()).keys());
  world.changeSource('s7f3', { name: 'Back do' });
  await clock.advance(1000);
  world.changeSource('s7f3', { name: 'Back door' });
  await passing(clock, 'renamed', () => onlooker.texts(FRONT).length === 2);
  assert.equal(JSON.parse(onlooker.texts(FRONT).at(-1) ?? '').device.name, 'Back door');
  assert.deepEqual(new Set((await onlooker.retained()).keys()), topics, 'no ghost of the old name');
  assert.equal(onlooker.texts(HUB).length, 1, 'unchanged text is not sent again');

  world.changeSource('s7f3', { schedule: 'live' });
  await passing(clock, 'taken back', () => onlooker.texts(FRONT).length === 4);
  const [reduced, final] = onlooker
    .texts(FRONT)
    .slice(2)
    .map(text => JSON.parse(text).components);
  assert.deepEqual(reduced.interval, { platform: 'number' });
  assert.equal('interval' in final, false);
  await until('its value too', async () => !(await onlooker.retained()).has('glimpser/s7f3/interval'));
});

test('a retained command is not carried out; a live one is, and is answered', async () => {
  const clock = new FakeClock();
  const world = worldOf(clock);
  await using broker = await startMosquitto();
  await using onlooker = await Onlooker.open(broker);
  await onlooker.publish('glimpser/s7f3/snapshot/set', 'PRESS', true);
  await onlooker.publish('glimpser/bridge/request/restart', '{}', true);
  await using door = openDoor(world, broker.url);
  await passing(
    clock,
    'announced',
    () => onlooker.texts(FRONT).length === 1 && door.state.status === 'online',
  );
  await onlooker.publish('glimpser/bridge/request/pause', '{"paused":true,"transaction":"t1"}');
  const answer = await until('an answer', () => onlooker.texts('glimpser/bridge/response/pause')[0]);
  assert.deepEqual(JSON.parse(answer), { status: 'ok', data: { paused: true }, transaction: 't1' });
  assert.deepEqual(world.commands, [{ command: { do: 'pause', isPaused: true }, who: 'mqtt' }]);
});

test('discovery is taken back when it is switched off, and MQTT ends when it is', async () => {
  const clock = new FakeClock();
  const world = worldOf(clock);
  world.capture('s7f3', JPEG, SIZE);
  await using broker = await startMosquitto();
  await using onlooker = await Onlooker.open(broker);
  await using door = openDoor(world, broker.url);
  await passing(clock, 'announced', () => onlooker.texts(FRONT).length === 1);
  world.prefer({ discovery: false, retainImages: false });
  await passing(clock, 'taken back', async () => {
    const kept = await onlooker.retained();
    return !kept.has(HUB) && !kept.has(FRONT) && !kept.has('glimpser/s7f3/image');
  });
  world.prefer({ enabled: false });
  await until('off', () => door.state.status === 'off');
  assert.equal((await onlooker.retained()).get('glimpser/bridge/state'), 'offline');
  world.prefer({ enabled: true, discovery: true });
  await passing(clock, 'on again', () => door.state.status === 'online' && onlooker.texts(FRONT).length > 2);
});

test('a broker that is away at the start is found later', async () => {
  const clock = new FakeClock();
  const world = worldOf(clock);
  const port = await freePort();
  await using door = openDoor(world, `mqtt://someone:secret@127.0.0.1:${port}`);
  await passing(clock, 'the reason', () => door.state.status === 'offline');
  assert.match(door.state.reason, /does not answer \(connection refused\)/);
  assert.doesNotMatch(JSON.stringify(door.state), /secret/);
  await using _broker = await startMosquitto({ port });
  await passing(clock, 'online', () => door.state.status === 'online');
  assert.equal(door.state.broker, `mqtt://127.0.0.1:${port}`);
});
