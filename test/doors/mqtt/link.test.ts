/** Staying connected: what is said in words, how long is waited, and which broker is chosen. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { asGlimpserError } from '#server/base/errors.ts';
import { silentLog } from '#server/base/log.ts';
import { chooseBroker, readMqttUrl } from '#server/doors/mqtt/address.ts';
import { startBroker } from '#server/doors/mqtt/broker.ts';
import { type AddressGiver, connectFailure } from '#server/doors/mqtt/connect-failure.ts';
import { openConnection } from '#server/doors/mqtt/connection.ts';
import { createMqttDoor } from '#server/doors/mqtt/door.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { MqttWorld } from '#test/fakes/mqtt-world.ts';
import { until } from '#test/fakes/until.ts';
import { startMosquitto } from '#test/peers/mosquitto.ts';
import { startTcpProxy } from '#test/peers/tcp-proxy.ts';

const never = new AbortController().signal;

test('a wrong password is said in words, and not tried again for five minutes', async () => {
  const clock = new FakeClock();
  await using broker = await startMosquitto({ login: { username: 'hub', password: 'right' } });
  await using wire = await startTcpProxy(broker.port);
  const url = `mqtt://hub:wr0ng@127.0.0.1:${wire.port}`;
  await using door = createMqttDoor(new MqttWorld(clock).services({ MQTT_URL: url }));
  door.start();
  await until('the state', () => door.state.status === 'error');
  assert.match(door.state.reason, /refused the user name or password.*MQTT_URL.*every 5m/);
  assert.doesNotMatch(JSON.stringify(door.state), /wr0ng/);
  assert.equal(wire.accepted, 1);
  await clock.advance(299_000);
  assert.equal(wire.accepted, 1);
  await clock.advance(2000);
  await until('the second try', () => wire.accepted === 2);
});

test('a login with special characters gets in, and the newest protocol is spoken', async () => {
  const login = { username: 'h@b', password: 'p/a%s:s?' };
  await using broker = await startMosquitto({ login, maxPacketBytes: 2_000_000 });
  const [name, word] = [login.username, login.password].map(encodeURIComponent);
  const address = readMqttUrl(`mqtt://${name}:${word}@127.0.0.1:${broker.port}`);
  assert.equal(address.url, broker.url);
  const will = { topic: 'a/state', payload: 'offline' };
  const connection = await openConnection({ address, clientId: 'a', will, signal: never });
  assert.deepEqual([connection.protocol, connection.maxPacketBytes], [5, 2_000_000]);
  await assert.rejects(connection.send('a/b', Buffer.alloc(2_100_000), { qos: 1, retain: false }), {
    code: 'body-too-large',
  });
  await connection.send('a/b', 'small', { qos: 1, retain: false });
  assert.equal(connection.isOpen, true);
  await connection.end(AbortSignal.timeout(5000));
  assert.equal(connection.isOpen, false);
  await assert.rejects(connection.send('a/b', 'late', { qos: 0, retain: false }));
});

test('a broker that speaks only 3.1.1 is spoken to in 3.1.1', async () => {
  const login = { username: 'glimpser', password: 'pw' };
  await using broker = await startBroker({ host: '127.0.0.1', port: 0, login, log: silentLog });
  const address = readMqttUrl(`mqtt://glimpser:pw@127.0.0.1:${broker.port}`);
  const will = { topic: 'a/state', payload: 'offline' };
  const connection = await openConnection({ address, clientId: 'a', will, signal: never });
  assert.equal(connection.protocol, 4);
  await connection.end(AbortSignal.timeout(5000));
});

test('what does not speak MQTT, hangs up or is not there is said in words', async () => {
  const hangUp = createServer(socket => socket.destroy()).listen(0, '127.0.0.1');
  await once(hangUp, 'listening');
  const { port } = hangUp.address() as AddressInfo;
  const attempt = (url: string) =>
    openConnection({
      address: readMqttUrl(url),
      clientId: 'a',
      will: { topic: 'a', payload: '' },
      signal: never,
    });
  await assert.rejects(attempt(`mqtt://127.0.0.1:${port}`), { code: 'broker-unreachable' });
  hangUp.close();
  await once(hangUp, 'close');
  await assert.rejects(attempt(`mqtt://127.0.0.1:${port}`), { message: /connection refused/ });
  await assert.rejects(attempt('mqtt://nowhere.invalid'), { message: /unknown host/ });
});

test('a broker that refuses us is said with what to do, depending on who named it', () => {
  const refused = Object.assign(new Error('Not authorized'), { code: 135 });
  const sentence = (givenBy: AddressGiver, thrown: Error = refused) =>
    asGlimpserError(connectFailure(thrown, { url: 'mqtt://b', givenBy })).message;
  assert.match(sentence('MQTT_URL'), /Correct them in MQTT_URL/);
  assert.match(sentence('Supervisor'), /Home Assistant gave them.*Mosquitto broker/);
  assert.match(sentence('hub'), /built-in broker.*Restart the hub/);
  assert.match(sentence('Supervisor', new Error('gone')), /does not answer \(gone\).*Mosquitto broker/);
});

test('an abort ends a try at a broker that never answers', async () => {
  const silent = createServer(socket => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const stop = new AbortController();
  const tried = openConnection({
    address: readMqttUrl(`mqtt://127.0.0.1:${port}`),
    clientId: 'a',
    will: { topic: 'a', payload: '' },
    signal: stop.signal,
  });
  const [socket] = await once(silent, 'connection');
  stop.abort();
  await assert.rejects(tried, { name: 'AbortError' });
  if (!socket.destroyed) await once(socket.resume(), 'close');
  silent.close();
  await once(silent, 'close');
});

test('a wire that is cut again and again is not tried ever faster', async () => {
  const clock = new FakeClock();
  await using broker = await startMosquitto();
  await using wire = await startTcpProxy(broker.port);
  const world = new MqttWorld(clock);
  await using door = createMqttDoor(world.services({ MQTT_URL: `mqtt://127.0.0.1:${wire.port}` }));
  door.start();
  for (let i = 1; i <= 7; i++) {
    await until(`online ${i}`, async () => {
      await clock.advance(100);
      return door.state.status === 'online';
    });
    wire.cut();
    await until('away', () => door.state.status === 'offline');
  }
  const before = wire.accepted;
  await clock.advance(4000);
  assert.equal(wire.accepted, before, 'after five short waits they grow');
});

test('the URL wins over the Supervisor, and the built-in broker is last', async () => {
  const asked: string[] = [];
  let answer = { status: 200, body: '{}' };
  const supervisor = createHttpServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  }).listen(0, '127.0.0.1');
  await once(supervisor, 'listening');
  const url = `http://127.0.0.1:${(supervisor.address() as AddressInfo).port}`;
  const config = { SUPERVISOR_TOKEN: 't0ken', MQTT_URL: undefined };
  const choose = (more: object = {}) => chooseBroker({ ...config, ...more }, never, url);

  assert.deepEqual(await choose({ MQTT_URL: 'mqtts://me@own.example:8883/' }), {
    address: {
      url: 'mqtts://me@own.example:8883'.replace('me@', ''),
      username: 'me',
      protocols: [5, 4],
      givenBy: 'MQTT_URL',
    },
  });
  assert.deepEqual(asked, []);
  assert.deepEqual(await choose({ SUPERVISOR_TOKEN: undefined }), { isBuiltIn: true, note: '' });

  const data = {
    host: 'core-mosquitto',
    port: '1883',
    ssl: false,
    username: 'addons',
    password: 'pw',
    protocol: '3.1.1',
  };
  answer = { status: 200, body: JSON.stringify({ result: 'ok', data }) };
  assert.deepEqual(await choose(), {
    address: {
      url: 'mqtt://core-mosquitto:1883',
      username: 'addons',
      password: 'pw',
      protocols: [5, 4],
      givenBy: 'Supervisor',
    },
  });
  assert.deepEqual(asked, ['/services/mqtt Bearer t0ken']);

  answer = { status: 400, body: '{"result":"error","message":"Service not enabled"}' };
  const none = await choose();
  assert.ok('note' in none && /offers no MQTT broker.*Mosquitto broker/.test(none.note));
  for (const broken of [
    { status: 502, body: '' },
    { status: 200, body: 'not JSON' },
  ]) {
    answer = broken;
    await assert.rejects(choose(), { code: 'broker-unreachable', message: /Supervisor.*MQTT_URL/ });
  }
  supervisor.closeAllConnections();
  supervisor.close();
  await once(supervisor, 'close');
  await assert.rejects(choose(), { code: 'broker-unreachable' });
});
