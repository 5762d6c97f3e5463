/** States, events and the parts that hold them back, without a broker. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import { silentLog } from '#server/base/log.ts';
import { Announcer } from '#server/doors/mqtt/announce.ts';
import { assemble } from '#server/doors/mqtt/assembly.ts';
import { listenToBus } from '#server/doors/mqtt/ears.ts';
import { Mirror } from '#server/doors/mqtt/mirror.ts';
import { createPacketMeter } from '#server/doors/mqtt/packet-meter.ts';
import { slugify } from '#server/doors/mqtt/slug.ts';
import { createTopics } from '#server/doors/mqtt/topics.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { fakeConnection } from '#test/fakes/mqtt-connection.ts';
import { MqttWorld } from '#test/fakes/mqtt-world.ts';

const refusals = { note: () => assert.fail('nothing is refused here') };

function hear() {
  const clock = new FakeClock();
  const world = new MqttWorld(clock);
  const services = world.services({});
  const assembly = assemble(services, { answer: () => undefined, refused: () => undefined });
  const { connection, sent, texts } = fakeConnection();
  listenToBus(world.bus, assembly, { ...services, changed: () => undefined });
  assembly.mirror.attach(connection);
  assembly.events.attach(connection);
  world.addSource('s7f3');
  return { clock, world, assembly, connection, sent, texts };
}

test('news is sent soon, figures no more often than pictures', async () => {
  const { clock, world, texts } = hear();
  const states = () => texts('glimpser/s7f3/state').length;
  await clock.advance(1000);
  const before = states();
  world.changeState('s7f3', { status: 'ok', isOnline: true });
  await clock.advance(100);
  assert.equal(texts('glimpser/s7f3/availability').at(-1), 'online');
  assert.equal(states(), before + 1);
  for (let i = 0; i < 100; i++) {
    world.changeState('s7f3', { captureMs: i, lastFrameAt: new Date(i).toISOString() });
    await clock.advance(200);
  }
  assert.ok(states() <= before + 4, `${states() - before} states in 20 s`);
  await clock.advance(10_000);
  assert.equal(JSON.parse(texts('glimpser/s7f3/state').at(-1) ?? '').capture_ms, 99);
});

test('a loss is told before the source goes away, a recovery after it is back; neither is retained', async () => {
  const { clock, world, sent } = hear();
  world.changeState('s7f3', { status: 'ok', isOnline: true });
  await clock.advance(1000);
  sent.length = 0;
  world.changeState('s7f3', { status: 'error', isOnline: false });
  const lost = world.event('s7f3', 'source_lost');
  world.bus.emit('event.opened', { event: lost });
  await clock.advance(1000);
  world.changeState('s7f3', { status: 'ok', isOnline: true });
  world.bus.emit('event.closed', { event: { ...lost, closedAt: '2026-01-01T00:00:09.000Z' } });
  world.bus.emit('event.opened', { event: world.event('s7f3', 'source_recovered') });
  await clock.advance(1000);
  const told = sent.filter(({ topic }) => /(availability|event)$/.test(topic));
  const short = told.map(({ text }) => (text.startsWith('{') ? JSON.parse(text).event_type : text));
  assert.deepEqual(short, ['source_lost', 'offline', 'online', 'source_recovered']);
  assert.deepEqual(
    told.map(({ isRetained }) => isRetained),
    [false, true, true, false],
  );
});

test('an event that the device does not list is not told', async () => {
  const { world, texts } = hear();
  world.bus.emit('event.opened', { event: world.event('s7f3', 'load_failed') });
  world.bus.emit('event.opened', { event: world.event('none', 'source_lost') });
  await settle();
  assert.deepEqual(texts('glimpser/s7f3/event'), []);
});

test('a slow broker costs one text per topic, and gets the newest', async () => {
  const gates: Array<() => void> = [];
  const { connection, texts, sent } = fakeConnection(() => new Promise(resolve => gates.push(resolve)));
  const mirror = new Mirror({ log: silentLog, refusals });
  mirror.attach(connection);
  for (let i = 0; i < 1000; i++) mirror.set('a', `${i}`);
  assert.deepEqual(texts('a'), ['0']);
  for (let i = 0; i < 50; i++) mirror.set(`t${i}`, 'x');
  assert.equal(sent.length, 8, 'few are under way at a time');
  const drain = async () => {
    while (gates.length > 0) {
      gates.pop()?.();
      await settle();
    }
  };
  await drain();
  assert.deepEqual(texts('a'), ['0', '999']);
  assert.equal(sent.length, 52);
  mirror.set('a', '999');
  assert.equal(sent.length, 52, 'unchanged');
  mirror.resend();
  for (let i = 0; i < 50; i++) mirror.set(`t${i}`, 'x');
  await drain();
  assert.equal(sent.length, 52 + 51, 'everything again, once');
});

test('a text that is too large is said and left out', async () => {
  const failure = new GlimpserError('body-too-large', 'a: too large.');
  const { connection, sent } = fakeConnection(async topic => {
    if (topic === 'a') throw failure;
  });
  const warnings: string[] = [];
  const log = { ...silentLog, warning: (sentence: string) => void warnings.push(sentence) };
  const mirror = new Mirror({ log, refusals });
  mirror.attach(connection);
  mirror.set('a', 'x');
  mirror.set('b', 'x');
  await settle();
  assert.deepEqual(
    sent.map(({ topic }) => topic),
    ['a', 'b'],
  );
  assert.deepEqual(warnings, ['Not sent: a: too large.']);
});

test('announcing stops when the connection goes, and goes on with the next', async () => {
  const clock = new FakeClock();
  const origin = { name: 'Glimpser', sw_version: '', support_url: '' };
  let components: Record<string, { platform: string; unique_id: string }> = {
    a: { platform: 'sensor', unique_id: 'a' },
    b: { platform: 'number', unique_id: 'b' },
  };
  const wanted = () => [{ topic: 't', message: { device: {}, origin, qos: 0 as const, components } }];
  const announcer = new Announcer({ wanted, refusals, clock, log: silentLog });
  const first = fakeConnection();
  const gone = new AbortController();
  announcer.attach(first.connection, gone.signal);
  await announcer.run(true);
  components = { a: { platform: 'sensor', unique_id: 'a' } };
  announcer.soon();
  await clock.advance(2000);
  assert.equal(first.sent.length, 2, 'reduced');
  gone.abort();
  await settle();
  const second = fakeConnection();
  announcer.attach(second.connection, new AbortController().signal);
  void announcer.run(true);
  await clock.advance(5000);
  const last = JSON.parse(second.sent.at(-1)?.text ?? '').components;
  assert.deepEqual(Object.keys(last), ['a']);
});

test('the log level is no entity while the environment fixes it', async () => {
  const { clock, world, assembly, connection, texts } = hear();
  const components = () =>
    Object.keys(JSON.parse(texts('homeassistant/device/glimpser_a1b2c3/config').at(-1) ?? '').components);
  assembly.announcer.attach(connection, new AbortController().signal);
  await assembly.announcer.run(true);
  assert.ok(components().includes('log_level'));
  world.logLevelFixedBy = 'LOG_LEVEL';
  void assembly.announcer.run(true);
  await clock.advance(5000);
  assert.ok(!components().includes('log_level'));
  assert.ok(components().includes('paused'));
});

test('names become parts of entity ids', () => {
  const names = { 'Front door': 'front_door', 'Haustür – Süd': 'haustur_sud', "Ann's Æther": 'anns_aether' };
  for (const [name, slug] of Object.entries(names)) assert.equal(slugify(name, 'x'), slug);
  assert.equal(slugify('門', 's7f3'), 's7f3');
});

test('topics are read back as they were made, and never hold a wildcard', () => {
  const topics = createTopics('a/b', 'ha', 'abc123');
  assert.deepEqual(topics.readConfig(topics.config('s7f3')), { isOurs: true, sourceId: 's7f3' });
  assert.deepEqual(topics.readConfig(topics.config()), { isOurs: true });
  for (const other of ['glimpser_abc1234', 'glimpser_abc123_x', 'glimpser_abc1234_s7f3', 'zigbee']) {
    assert.deepEqual(topics.readConfig(`ha/device/${other}/config`), { isOurs: false });
  }
  assert.deepEqual(topics.readCommand(topics.source('s7f3').command('enabled')), {
    sourceId: 's7f3',
    key: 'enabled',
  });
  assert.deepEqual(topics.readCommand(topics.bridge.request('pause')), { verb: 'pause' });
  assert.equal(topics.readCommand('a/bridge/request/pause'), undefined);
  for (const bad of ['x+y', '#', 'a\0'])
    assert.throws(() => topics.source('s7f3').value(bad), { code: 'internal' });
});

test('packets are measured however they are cut', () => {
  const packets = Buffer.concat([
    Buffer.from([0x30, 0x05, 1, 2, 3, 4, 5]),
    Buffer.from([0xc0, 0x00]),
    Buffer.from([0x30, 0xc8, 0x01]),
    Buffer.alloc(200),
    Buffer.from([0xe0, 0x00]),
  ]);
  for (const size of [1, 2, 3, 7, 64, 1000]) {
    const isFine = createPacketMeter(() => 200);
    const isSmall = createPacketMeter(() => 199);
    const fine: boolean[] = [];
    const small: boolean[] = [];
    for (let at = 0; at < packets.length; at += size) {
      fine.push(isFine(packets.subarray(at, at + size)));
      small.push(isSmall(packets.subarray(at, at + size)));
    }
    assert.ok(fine.every(Boolean), `cut to ${size}`);
    assert.ok(small.includes(false), `cut to ${size}`);
  }
  assert.equal(createPacketMeter(() => 1e9)(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])), false);
});
