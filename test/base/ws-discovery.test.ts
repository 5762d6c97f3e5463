import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { askForDevices, type WsDevice } from '#server/base/ws-discovery.ts';
import { probeMatch, startWsResponder } from '#test/peers/ws-responder.ts';

const ask = async (port: number, over: { interfaces?: string[]; signal?: AbortSignal } = {}) => {
  const found: WsDevice[] = [];
  await askForDevices({
    interfaces: ['127.0.0.1'],
    forMs: 300,
    clock: systemClock,
    signal: new AbortController().signal,
    onFound: device => void found.push(device),
    to: { host: '127.0.0.1', port },
    ...over,
  });
  return found;
};

test('devices answer with where they are and what they call themselves', async () => {
  const scopes =
    'onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/name/Front%20door onvif://www.onvif.org/hardware/Eye_2 onvif://www.onvif.org/manufacturer/Tulip';
  await using responder = await startWsResponder([
    probeMatch('http://10.0.0.5/onvif http://[fe80::1]/x', scopes),
  ]);
  const [device] = await ask(responder.port);
  assert.deepEqual(device, {
    from: '127.0.0.1',
    addresses: ['http://10.0.0.5/onvif', 'http://[fe80::1]/x'],
    name: 'Front door',
    maker: 'Tulip',
    model: 'Eye 2',
  });
  assert.match(responder.probes[0] ?? '', /NetworkVideoTransmitter/);
});

test('what is no answer is left out', async () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "b">]>${probeMatch('http://10.0.0.5/')}`;
  const wrong = ['', 'hello', '<a>', bomb, Buffer.alloc(40_000, 0x20), '<x><ProbeMatch/></x>'];
  await using responder = await startWsResponder(wrong);
  const found = await ask(responder.port);
  assert.deepEqual(
    found.map(({ addresses, name }) => [addresses, name]),
    [[[], '']],
  );
});

test('a network that cannot be asked is said in words, and a stop ends it', async () => {
  const sentence = /could not be asked for ONVIF cameras.*network of the host/;
  await assert.rejects(ask(9, { interfaces: ['203.0.113.7'] }), {
    code: 'source-unreachable',
    message: sentence,
  });
  await assert.rejects(ask(9, { interfaces: [] }), { message: /in no network/ });
  await assert.rejects(ask(9, { signal: AbortSignal.abort() }), { name: 'AbortError' });
});

test('the real multicast address is heard on this machine', async t => {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  t.after(() => socket.close());
  socket.on('message', (_message, from) =>
    socket.send(probeMatch('http://127.0.0.1/x'), from.port, from.address),
  );
  await new Promise<void>(resolve => socket.bind(3702, resolve));
  socket.addMembership('239.255.255.250', '127.0.0.1');
  const found: WsDevice[] = [];
  await askForDevices({
    interfaces: ['127.0.0.1'],
    forMs: 300,
    clock: systemClock,
    signal: new AbortController().signal,
    onFound: device => void found.push(device),
  });
  assert.ok(found.some(({ name }) => name === 'Front door'));
});
