/** A broker that lets us in but not write everywhere: it is said once, tried again over the next connection, and the rest works. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import { silentLog } from '#server/base/log.ts';
import { Announcer } from '#server/doors/mqtt/announce.ts';
import { createMqttDoor } from '#server/doors/mqtt/door.ts';
import { Mirror } from '#server/doors/mqtt/mirror.ts';
import { Refusals } from '#server/doors/mqtt/refusals.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { fakeConnection } from '#test/fakes/mqtt-connection.ts';
import { MqttWorld } from '#test/fakes/mqtt-world.ts';
import { until } from '#test/fakes/until.ts';
import { startMosquitto } from '#test/peers/mosquitto.ts';
import { Onlooker } from '#test/peers/mqtt-onlooker.ts';
import { startTcpProxy } from '#test/peers/tcp-proxy.ts';

const FRONT = 'homeassistant/device/glimpser_a1b2c3_s7f3/config';
const ELSEWHERE = ['topic readwrite homeassistant/#', 'topic readwrite onlooker/#', 'topic read glimpser/#'];

function setUp() {
  const clock = new FakeClock();
  const world = new MqttWorld(clock);
  world.addSource('s7f3');
  const problems: string[][] = [];
  world.bus.on('mqtt.refused', 'test', ({ sentences }) => void problems.push(sentences));
  const passing = <T>(what: string, ask: () => T | undefined | false | Promise<T | undefined | false>) =>
    until(what, async () => {
      await clock.advance(250);
      return ask();
    });
  return { clock, world, problems, passing };
}

test('topics that the access list closes are tried once for each connection, and the rest is published', async () => {
  const { clock, world, problems, passing } = setUp();
  const access = [...ELSEWHERE, 'topic write glimpser/bridge/#'];
  await using broker = await startMosquitto({ access });
  await using onlooker = await Onlooker.open(broker);
  await using wire = await startTcpProxy(broker.port);
  await using door = createMqttDoor(world.services({ MQTT_URL: `mqtt://127.0.0.1:${wire.port}` }));
  door.start();
  await passing('the devices', () => onlooker.texts(FRONT).length === 1);
  assert.ok(broker.denied.includes('glimpser/s7f3/state'));
  world.changeState('s7f3', { status: 'error', reason: 'Away', isOnline: false });
  await clock.advance(60_000);
  await onlooker.retained();
  assert.deepEqual(broker.denied.toSorted(), [...new Set(broker.denied)].toSorted(), 'none twice');
  const refusals = world.warnings.filter(sentence => sentence.includes('does not let'));
  assert.equal(refusals.length, 1);
  assert.match(
    refusals[0] ?? '',
    /^The MQTT broker does not let this user write glimpser\/s7f3\/.*access list/,
  );
  assert.match(problems.at(-1)?.join() ?? '', /write glimpser\/s7f3\//);

  const before = broker.denied.length;
  wire.cut();
  await until('the loss is seen', () => door.state.status === 'offline');
  await passing('it is tried again', () => broker.denied.length >= 2 * before);
  assert.equal(door.state.status, 'online');
});

test('discovery that the access list closes is said, and states still come', async () => {
  const { world, problems, passing } = setUp();
  const access = ['topic readwrite onlooker/#', 'topic readwrite glimpser/#', 'topic read homeassistant/#'];
  await using broker = await startMosquitto({ access });
  await using onlooker = await Onlooker.open(broker);
  await using door = createMqttDoor(world.services({ MQTT_URL: broker.url }));
  door.start();
  await passing('the problem', () => problems.at(-1)?.join().includes('homeassistant/device/'));
  world.changeSource('s7f3', { name: 'Back door' });
  await passing('a state', () => onlooker.texts('glimpser/s7f3/state').length > 0);
  assert.deepEqual(broker.denied.toSorted(), [...new Set(broker.denied)].toSorted(), 'none twice');
  world.prefer({ enabled: false });
  await until('nothing is wrong while MQTT is off', () => problems.at(-1)?.length === 0);
});

test('an unexplained failure of an open connection is not tried again at once either', async () => {
  const warnings: string[] = [];
  const log = { ...silentLog, warning: (sentence: string) => void warnings.push(sentence) };
  const { connection, texts } = fakeConnection(() => Promise.reject(new Error('out of order')));
  const mirror = new Mirror({ log, refusals: { note: () => undefined } });
  mirror.attach(connection);
  mirror.set('a', '1');
  await settle();
  mirror.set('a', '2');
  mirror.resend();
  await settle();
  await mirror.settled('a');
  assert.deepEqual([texts('a'), warnings], [['1'], ['Not sent: a: out of order']]);
  const next = fakeConnection();
  mirror.attach(next.connection);
  assert.deepEqual(next.texts('a'), ['2']);
});

test('a device that may not be announced or taken back does not keep the others from it', async () => {
  const clock = new FakeClock();
  const failure = new GlimpserError('broker-refused-topic', 'no');
  const { connection, sent } = fakeConnection(async topic => {
    if (topic.startsWith('closed')) throw failure;
  });
  const noted: string[] = [];
  const origin = { name: 'Glimpser', sw_version: '', support_url: '' };
  const message = { device: {}, origin, qos: 0 as const, components: {} };
  const wanted = () => ['closed', 'open'].map(topic => ({ topic, message }));
  const refusals = { note: (_: string, topic: string) => void noted.push(topic) };
  const announcer = new Announcer({ wanted, refusals, clock, log: silentLog });
  announcer.attach(connection, new AbortController().signal);
  announcer.adopt('closed/old', '{}', new Map());
  announcer.adopt('old', '{}', new Map());
  await announcer.run(true);
  assert.deepEqual(
    sent.map(({ topic }) => topic),
    ['closed', 'open', 'closed/old', 'old'],
  );
  void announcer.run(true);
  await clock.advance(2000);
  assert.deepEqual(noted, ['closed', 'closed/old']);
});

test('refusals are told together, name a few topics, and end with the connection', async () => {
  const clock = new FakeClock();
  const told: string[][] = [];
  const refusals = new Refusals({ clock, log: silentLog, changed: sentences => void told.push(sentences) });
  const failure = new GlimpserError('broker-refused-topic', 'no');
  for (const topic of ['a', 'b', 'c', 'd', 'e']) refusals.note('write', topic, failure);
  refusals.note('read', 'x', failure);
  await clock.advance(1000);
  assert.equal(told.length, 1);
  assert.match(told[0]?.[0] ?? '', /write a, b, c and 2 more topics\. Allow/);
  assert.match(told[0]?.[1] ?? '', /read x\. Allow/);
  refusals.clear();
  assert.deepEqual(told.at(-1), []);
});
