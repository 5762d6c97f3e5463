import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import { Bonjour } from 'bonjour-service';
import { systemClock } from '#server/base/clock.ts';
import { browseMdns, type MdnsService } from '#server/base/mdns-browse.ts';
import { freePort } from '#test/fakes/free-port.ts';

test('announced services are found with who announced them; nonsense between them is harmless', async t => {
  const port = await freePort();
  const announcer = new Bonjour({ port, interface: '127.0.0.1', bind: '0.0.0.0' } as object);
  t.after(() => new Promise<void>(resolve => announcer.destroy(() => resolve())));
  announcer.publish({ name: 'Porch', type: 'rtsp', port: 5554, probe: false });
  const found: MdnsService[] = [];
  const nonsense = createSocket('udp4');
  t.after(() => nonsense.close());
  nonsense.send(Buffer.alloc(300, 0xff), port, '224.0.0.251', () => undefined);
  const abort = new AbortController();
  const browsing = browseMdns({
    types: ['rtsp', 'http'],
    interfaces: ['127.0.0.1'],
    forMs: 20_000,
    clock: systemClock,
    signal: abort.signal,
    onFound(service) {
      found.push(service);
      abort.abort();
    },
    port,
  });
  await assert.rejects(browsing, { name: 'AbortError' });
  const [service = assert.fail()] = found;
  assert.deepEqual([service.name, service.type, service.port], ['Porch', 'rtsp', 5554]);
});

test('a port that another program holds for itself is said in words', async t => {
  const holder = createSocket('udp4');
  t.after(() => holder.close());
  await new Promise<void>(resolve => holder.bind(0, resolve));
  const question = {
    types: ['rtsp'],
    interfaces: [],
    forMs: 100,
    clock: systemClock,
    onFound: () => undefined,
  };
  const { port } = holder.address();
  const browsing = browseMdns({ ...question, port, signal: new AbortController().signal });
  await assert.rejects(browsing, { code: 'source-unreachable', message: /EADDRINUSE.*hold the port/ });
});
