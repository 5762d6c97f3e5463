/** The built-in broker: who gets in, what it takes, and the door that runs on it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { connectAsync } from 'mqtt';
import { silentLog } from '#server/base/log.ts';
import { createSecretBox } from '#server/base/secret.ts';
import { startBroker } from '#server/doors/mqtt/broker.ts';
import { brokerLogin } from '#server/doors/mqtt/broker-login.ts';
import { createMqttDoor } from '#server/doors/mqtt/door.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { MqttWorld } from '#test/fakes/mqtt-world.ts';
import { until } from '#test/fakes/until.ts';
import { Onlooker } from '#test/peers/mqtt-onlooker.ts';

const login = { username: 'glimpser', password: 'correct horse' };
const start = (port = 0) => startBroker({ host: '127.0.0.1', port, login, log: silentLog });
const FRONT = 'homeassistant/device/glimpser_a1b2c3_s7f3/config';

test('only the right name and password get in', async () => {
  await using broker = await start();
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const attempt = (options: object) =>
    connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0, ...options }, false);
  await (await attempt(login)).endAsync(true);
  const wrong = [
    {},
    { username: 'glimpser' },
    { ...login, password: 'correct' },
    { ...login, username: 'admin' },
  ];
  for (const options of wrong) await assert.rejects(attempt(options), { code: 4 });
  await assert.rejects(attempt({ ...login, clientId: 'x'.repeat(200) }));
});

test('a packet that announces too many bytes ends the connection before they are buffered', async () => {
  await using broker = await start();
  const socket = connect(broker.port, '127.0.0.1').resume();
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]));
  await once(socket, 'close');
});

test('before the login 16 kB are taken, after it what the broker takes', async () => {
  const warnings: string[] = [];
  const log = { ...silentLog, warning: (sentence: string) => void warnings.push(sentence) };
  await using broker = await startBroker({ host: '127.0.0.1', port: 0, login, log });
  const stranger = connect(broker.port, '127.0.0.1').resume();
  stranger.on('error', () => undefined);
  await once(stranger, 'connect');
  // CONNECT with a body of 20 000 bytes, of which nothing was sent yet.
  stranger.write(Buffer.from([0x10, 0xa0, 0x9c, 0x01]));
  await once(stranger, 'close');
  assert.match(warnings.join(), /over 16000 bytes/, 'it did not just wait too long');
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const client = await connectAsync(url, { ...login, protocolVersion: 4, reconnectPeriod: 0 });
  await client.publishAsync('a/b', Buffer.alloc(1_000_000), { qos: 1 });
  await client.endAsync(true);
});

test('one address holds eight connections without a login; who logs in makes room', async () => {
  await using broker = await start();
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const options = { ...login, protocolVersion: 4 as const, reconnectPeriod: 0 };
  const known = await Promise.all(Array.from({ length: 8 }, () => connectAsync(url, options, false)));
  const open = async () => {
    const socket = connect(broker.port, '127.0.0.1').resume();
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };
  const silent = await Promise.all(Array.from({ length: 8 }, open));
  const ninth = await open();
  if (!ninth.closed) await once(ninth, 'close');
  assert.ok(silent.every(socket => !socket.closed));
  silent[0]?.destroy();
  await until('there is room', () =>
    connectAsync(url, options, false).then(
      client => client.endAsync(true).then(() => true),
      () => undefined,
    ),
  );
  await Promise.all(known.map(client => client.endAsync(true)));
  for (const socket of silent) socket.destroy();
});

test('the broker ends clean while clients are connected and while one has not said a word', async () => {
  const broker = await start();
  const silent = connect(broker.port, '127.0.0.1').resume();
  await once(silent, 'connect');
  const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
    ...login,
    protocolVersion: 4,
    reconnectPeriod: 0,
  });
  const clientGone = new Promise<void>(resolve => client.once('close', () => resolve()));
  const gone = [once(silent, 'close'), clientGone];
  await broker[Symbol.asyncDispose]();
  await Promise.all(gone);
  await assert.rejects(once(connect(broker.port, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' });
});

test('the password is made once and kept, and made anew when it cannot be read any more', async () => {
  let kept: string | undefined;
  const store = (key: string) => ({
    get: async () => kept && createSecretBox(key).open(kept),
    set: async (password: string) => {
      kept = createSecretBox(key).seal(password);
    },
  });
  const first = await brokerLogin(store('the first key'), silentLog);
  assert.equal(first.username, 'glimpser');
  assert.ok(first.password.length >= 40);
  assert.deepEqual(await brokerLogin(store('the first key'), silentLog), first);
  assert.notDeepEqual(await brokerLogin(store('the second key'), silentLog), first);
  const broken = { ...store(''), get: () => Promise.reject(new Error('no disk')) };
  await assert.rejects(brokerLogin(broken, silentLog), { message: 'no disk' });
});

test('the door runs on the built-in broker, where others can log in', async () => {
  const clock = new FakeClock();
  const world = new MqttWorld(clock);
  world.addSource('s7f3');
  await using door = createMqttDoor(world.services({}));
  door.start();
  const builtIn = await until('the broker', () => door.builtIn ?? undefined);
  const url = `mqtt://127.0.0.1:${builtIn.port}`;
  await using onlooker = await Onlooker.open({ ...builtIn, url });
  await until('announced', async () => {
    await clock.advance(500);
    return (await onlooker.retained()).has(FRONT);
  });
  assert.deepEqual(
    { ...door.state, since: '' },
    {
      status: 'online',
      reason: `Connected to ${url}.`,
      broker: url,
      isBuiltIn: true,
      since: '',
    },
  );
  await onlooker.publish('glimpser/s7f3/enabled/set', 'OFF');
  await until('a command', () => world.commands.length === 1);
  assert.deepEqual(world.commands[0]?.command, { do: 'enable', sourceId: 's7f3', isEnabled: false });
});

test('a port in use is a state in words; the hub goes on and takes the port once it is free', async t => {
  const clock = new FakeClock();
  const world = new MqttWorld(clock);
  const squatter = createServer().listen(0, '127.0.0.1');
  t.after(() => squatter.close());
  await once(squatter, 'listening');
  const address = squatter.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await using door = createMqttDoor(world.services({ MQTT_BROKER_PORT: String(port) }));
  door.start();
  await until('the state', () => door.state.status === 'error');
  assert.match(
    door.state.reason,
    new RegExp(`^Port ${port} is in use.*MQTT_URL.*MQTT_BROKER_PORT.*every 1m`),
  );
  squatter.close();
  await once(squatter, 'close');
  await until('online', async () => {
    await clock.advance(10_000);
    return door.state.status === 'online';
  });
});
