/** Pictures over MQTT: never over the packet limit, never too often, never in the wrong format. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { createMqttDoor } from '#server/doors/mqtt/door.ts';
import { fitPicture } from '#server/doors/mqtt/picture.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { MqttWorld } from '#test/fakes/mqtt-world.ts';
import { until } from '#test/fakes/until.ts';
import { startMosquitto } from '#test/peers/mosquitto.ts';
import { Onlooker } from '#test/peers/mqtt-onlooker.ts';
import { startTcpProxy } from '#test/peers/tcp-proxy.ts';

const IMAGE = 'glimpser/s7f3/image';
const FULL_HD = { width: 1920, height: 1080 };

/** Noise does not compress, so its files are large. */
function noise(width: number, height: number): Sharp {
  return sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } });
}

async function setUp(maxPacketBytes = 2_000_000) {
  const stack = new AsyncDisposableStack();
  const clock = new FakeClock();
  const world = new MqttWorld(clock);
  const broker = stack.use(await startMosquitto({ maxPacketBytes }));
  const onlooker = stack.use(await Onlooker.open(broker));
  const wire = stack.use(await startTcpProxy(broker.port));
  const door = createMqttDoor(world.services({ MQTT_URL: `mqtt://127.0.0.1:${wire.port}` }));
  door.start();
  // Before the broker, or its end would be seen as a loss.
  stack.use(door);
  await until(
    'online',
    () => door.state.status === 'online' && onlooker.texts('glimpser/bridge/info').length > 0,
  );
  return { stack, clock, world, onlooker, door, wire };
}

test('a picture of 2.5 MB is made to fit and the connection stays', async () => {
  const { stack, world, onlooker, door, wire } = await setUp();
  await using _stack = stack;
  world.prefer({ maxPacketBytes: 5_000_000 });
  world.addSource('s7f3');
  const large = await noise(1920, 1400).jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer();
  assert.ok(large.length > 2_500_000, `${large.length} bytes`);
  world.capture('s7f3', large, { width: 1920, height: 1400 });
  const heard = await until('the picture', () => onlooker.heard.find(({ topic }) => topic === IMAGE));
  assert.ok(heard.payload.length < 2_000_000);
  assert.equal((await sharp(heard.payload).metadata()).format, 'jpeg');
  assert.deepEqual([door.images.sent, door.images.shrunk, door.images.skipped], [1, 1, 0]);
  assert.equal(wire.accepted, 1);
});

test('a picture that cannot be read or made small enough is skipped and counted, with the reason', async () => {
  const { stack, clock, world, onlooker, door, wire } = await setUp();
  await using _stack = stack;
  world.prefer({ maxPacketBytes: 20_000 });
  world.addSource('s7f3');
  world.capture('s7f3', randomBytes(2_500_000), FULL_HD);
  await until('skipped', () => door.images.skipped === 1);
  assert.match(door.images.lastSkip ?? '', /s7f3 \(2500000 bytes\) was not sent over MQTT: /);
  assert.equal(world.warnings.filter(sentence => sentence.includes('not sent')).length, 1);
  assert.equal(
    await fitPicture({
      image: await noise(1000, 1000).png().toBuffer(),
      width: 1000,
      from: 'image/png',
      as: 'image/png',
      maxBytes: 100,
      step: 0,
    }),
    undefined,
  );
  await clock.advance(10_000);
  world.capture('s7f3', await noise(1920, 1080).jpeg().toBuffer(), FULL_HD);
  await until('the next fits again', () => onlooker.texts(IMAGE).length === 1);
  assert.ok((onlooker.heard.find(({ topic }) => topic === IMAGE)?.payload.length ?? 0) < 20_000);
  assert.equal(wire.accepted, 1);
});

test('one picture per wait, the newest at its end; a request and a change of status do not wait', async () => {
  const { stack, clock, world, onlooker } = await setUp();
  await using _stack = stack;
  world.addSource('s7f3');
  const capture = (text: string) => world.capture('s7f3', Buffer.from(text), FULL_HD);
  const heard = () => onlooker.texts(IMAGE).join();
  capture('a');
  await until('the first at once', () => heard() === 'a');
  for (const text of 'bcd') {
    capture(text);
    await clock.advance(3000);
  }
  assert.equal(heard(), 'a');
  await clock.advance(1000);
  await until('the newest', () => heard() === 'a,d');
  capture('e');
  const capture_ = { id: 'c1', sourceId: 's7f3', at: '', reason: 'request', type: 'image/jpeg' } as const;
  world.bus.emit('capture.kept', { capture: { ...capture_, ...FULL_HD, bytes: 1, isStarred: false } });
  await until('on request', () => heard() === 'a,d,e');
  capture('f');
  world.changeState('s7f3', { status: 'ok', isOnline: true });
  await until('on a change', () => heard() === 'a,d,e,f');
});

test('a website sends its own format, and a JPEG beside it for its camera', async () => {
  const { stack, clock, world, onlooker } = await setUp();
  await using _stack = stack;
  world.addSource('s7f3', { kind: 'website', name: 'News' });
  const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: 'teal' } });
  world.capture('s7f3', await picture.png().toBuffer(), { width: 40, height: 30 }, 'image/png');
  const formatOf = async (topic: string) => {
    const found = await until(topic, () => onlooker.heard.findLast(heard => heard.topic === topic));
    return (await sharp(found.payload).metadata()).format;
  };
  assert.equal(await formatOf(IMAGE), 'png');
  assert.equal(await formatOf('glimpser/s7f3/preview'), 'jpeg');
  const config = 'homeassistant/device/glimpser_a1b2c3_s7f3/config';
  const components = await until('announced', async () => {
    await clock.advance(500);
    const text = onlooker.texts(config).at(-1);
    return text && JSON.parse(text).components;
  });
  assert.equal(components.screenshot.content_type, 'image/png');
  assert.equal(components.camera.topic, 'glimpser/s7f3/preview');
  await clock.advance(10_000);
  world.capture('s7f3', await picture.jpeg().toBuffer(), { width: 40, height: 30 });
  await until('no second picture', async () => {
    await clock.advance(500);
    const kept = await onlooker.retained();
    return !kept.has('glimpser/s7f3/preview') && kept.get(config)?.includes('"image/jpeg"');
  });
});

test('a picture that the broker does not keep comes again once the device is announced', async () => {
  const { stack, clock, world, onlooker, door, wire } = await setUp();
  await using _stack = stack;
  world.prefer({ retainImages: false });
  world.addSource('s7f3');
  world.capture('s7f3', Buffer.from('still'), FULL_HD);
  const config = 'homeassistant/device/glimpser_a1b2c3_s7f3/config';
  const comesAfterDevice = async () => {
    await clock.advance(250);
    const order = onlooker.heard.map(({ topic }) => topic);
    return order.includes(config) && order.lastIndexOf(IMAGE) > order.lastIndexOf(config);
  };
  await until('after the start', comesAfterDevice);
  wire.cut();
  await until('away', () => door.state.status === 'offline');
  onlooker.heard.length = 0;
  await until('after a loss', comesAfterDevice);
  await onlooker.publish('homeassistant/status', 'online');
  onlooker.heard.length = 0;
  await until('after a start of Home Assistant', comesAfterDevice);
  assert.equal((await onlooker.retained()).has(IMAGE), false);
});

test('a PNG of a camera becomes a JPEG', async () => {
  const { stack, world, onlooker } = await setUp();
  await using _stack = stack;
  world.addSource('s7f3');
  const png = await sharp({ create: { width: 40, height: 30, channels: 4, background: 'teal' } })
    .png()
    .toBuffer();
  world.capture('s7f3', png, { width: 40, height: 30 }, 'image/png');
  const heard = await until('the picture', () => onlooker.heard.find(({ topic }) => topic === IMAGE));
  assert.equal((await sharp(heard.payload).metadata()).format, 'jpeg');
});

test('pictures that come while the broker is away are not queued: the newest is sent when it is back', async () => {
  const { stack, clock, world, onlooker, door, wire } = await setUp();
  await using _stack = stack;
  world.addSource('s7f3');
  world.capture('s7f3', Buffer.from('first'), FULL_HD);
  await until('the first', () => onlooker.texts(IMAGE).length === 1);
  wire.cut();
  await until('away', () => door.state.status === 'offline');
  for (let i = 0; i < 20; i++) world.capture('s7f3', Buffer.from(`${i}`), FULL_HD);
  await until('back', async () => {
    await clock.advance(1000);
    return onlooker.texts(IMAGE).at(-1) === '19';
  });
  assert.equal(
    onlooker.texts(IMAGE).some(text => text === '18'),
    false,
  );
});

test('a picture of a source that is removed while it is made smaller leaves no ghost', async () => {
  const { stack, world, onlooker } = await setUp();
  await using _stack = stack;
  world.prefer({ maxPacketBytes: 50_000 });
  world.addSource('s7f3');
  world.addSource('next');
  world.capture('s7f3', await noise(1000, 1000).jpeg().toBuffer(), { width: 1000, height: 1000 });
  world.removeSource('s7f3');
  world.capture('next', Buffer.from('next'), FULL_HD);
  await until('the next picture', () => onlooker.texts('glimpser/next/image').length === 1);
  assert.equal(onlooker.texts(IMAGE).join(), '');
});
