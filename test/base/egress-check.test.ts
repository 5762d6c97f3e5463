import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { describe, test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { createEgress, type EgressPolicy, type Reach } from '#server/base/egress.ts';
import type { Lookup } from '#server/base/egress-names.ts';
import { GlimpserError } from '#server/base/errors.ts';
import { silentLog } from '#server/base/log.ts';

const NAMES: Record<string, string[]> = {
  'public.test': ['8.8.8.8'],
  'camera.test': ['fe80::1%eth0', '192.168.1.20'],
  'metadata.google.internal': ['169.254.169.254'],
  localhost: ['127.0.0.1', '::1'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'mixed.test': ['169.254.169.254', '8.8.8.8'],
  'empty.test': [],
};

const lookup: Lookup = host => {
  const found = NAMES[host];
  if (!found) return Promise.reject(new Error('ENOTFOUND'));
  return Promise.resolve(found.map(address => ({ address, family: address.includes(':') ? 6 : 4 })));
};

function guard(policy: Partial<EgressPolicy> = {}, resolver = lookup) {
  const whole: EgressPolicy = {
    allowLoopback: false,
    websitesMayReachLan: true,
    exceptions: [],
    ownPorts: () => [],
    ...policy,
  };
  return createEgress({ policy: () => whole, clock: systemClock, log: silentLog, lookup: resolver });
}

const rules = (reach: Reach = 'lan') => ({ protocols: ['http', 'https', 'rtsp:'], reach });

async function refusal(promise: Promise<unknown>, code = 'address-refused'): Promise<string> {
  const error = await promise.then(
    () => assert.fail('was allowed'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof GlimpserError, String(error));
  assert.equal(error.code, code, error.message);
  return error.message;
}

describe('what is allowed', () => {
  test('names give every allowed address, the others are left out', async () => {
    const target = await guard().check('http://camera.test:81/x', rules());
    assert.deepEqual(target.addresses, ['192.168.1.20']);
    assert.equal(target.address, '192.168.1.20');
    assert.equal(target.port, 81);
    assert.deepEqual((await guard().check('http://mixed.test/', rules())).addresses, ['8.8.8.8']);
  });

  test('a literal needs no lookup', async () => {
    const never: Lookup = () => assert.fail('looked up');
    const target = await guard({}, never).check('rtsp://0xC0.168.1.5/', rules());
    assert.equal(target.address, '192.168.1.5');
  });

  test('loopback by policy, or by an exception for exactly that port', async () => {
    await guard({ allowLoopback: true }).check('http://localhost:99/', rules());
    const narrow = guard({ exceptions: ['127.0.0.1:99', '[::1]:98'] });
    await narrow.check('http://localhost:99/', rules());
    await narrow.check('http://127.0.0.1:99/', rules('internet'));
    await narrow.check('http://[::1]:98/', rules());
    await refusal(narrow.check('http://127.0.0.1:100/', rules()));
  });

  test('one lookup serves many, and is asked again after ten seconds', async () => {
    let asked = 0;
    let now = 0;
    const egress = createEgress({
      policy: () => ({ allowLoopback: false, websitesMayReachLan: true, exceptions: [], ownPorts: () => [] }),
      clock: { ...systemClock, monotonic: () => now },
      log: silentLog,
      lookup: host => {
        asked++;
        return lookup(host);
      },
    });
    await Promise.all([1, 2, 3].map(() => egress.check('http://public.test/', rules())));
    assert.equal(asked, 1);
    now = 10_001;
    await egress.check('http://public.test/', rules());
    assert.equal(asked, 2);
  });
});

describe('what is refused, with the reason', () => {
  const table: [string, Reach, RegExp][] = [
    [
      'http://169.254.169.254/latest',
      'lan',
      /^169\.254\.169\.254 is a cloud metadata address; it is never opened\.$/,
    ],
    ['http://2852039166/', 'lan', /^169\.254\.169\.254 is a cloud metadata/],
    ['rtsp://0xa9fea9fe/', 'lan', /^169\.254\.169\.254 is a cloud metadata/],
    ['http://[::ffff:169.254.169.254]/', 'lan', /cloud metadata/],
    ['http://[64:ff9b::a9fe:a9fe]/', 'lan', /cloud metadata/],
    ['http://100.100.100.200/', 'lan', /cloud metadata/],
    [
      'http://metadata.google.internal/',
      'lan',
      /^“metadata.google.internal” leads to 169.254.169.254, which is a cloud/,
    ],
    ['http://169.254.7.7/', 'lan', /link-local/],
    ['http://[fe80::1]/', 'lan', /link-local/],
    ['http://0.0.0.0/', 'lan', /unspecified/],
    ['http://[::]/', 'lan', /unspecified/],
    ['rtsp://239.1.1.1/', 'lan', /multicast/],
    ['http://255.255.255.255/', 'lan', /broadcast/],
    ['http://240.0.0.1/', 'lan', /reserved/],
    ['http://127.0.0.1/', 'lan', /this machine itself.*Allow addresses of this machine/],
    ['http://localhost/', 'lan', /“localhost” leads to 127\.0\.0\.1.*this machine itself/],
    ['http://mapped.test/', 'lan', /this machine itself/],
    ['http://[::1]/', 'lan', /this machine itself/],
    ['http://192.168.1.5/', 'internet', /private address, and only public/],
    ['http://10.0.0.5/', 'internet', /private/],
    ['http://100.64.3.3/', 'internet', /provider/],
    ['http://[fd12::1]/', 'internet', /private/],
    ['http://camera.test/', 'internet', /is a link-local|private/],
  ];
  for (const [url, reach, sentence] of table) {
    test(`${url} (${reach})`, async () => {
      assert.match(await refusal(guard().check(url, rules(reach))), sentence);
    });
  }

  test('metadata stays closed with every door open', async () => {
    const open = guard({
      allowLoopback: true,
      exceptions: ['169.254.169.254:80', 'metadata.google.internal:80'],
    });
    await refusal(open.check('http://169.254.169.254/', rules()));
    await refusal(open.check('http://metadata.google.internal/', rules()));
  });

  test('pages follow the policy', async () => {
    await guard().check('http://192.168.1.5/', rules('page'));
    const closed = guard({ websitesMayReachLan: false });
    assert.match(
      await refusal(closed.check('http://192.168.1.5/', rules('page'))),
      /allow private addresses/,
    );
    await closed.check('http://192.168.1.5/', rules('lan'));
    await closed.check('http://public.test/', rules('page'));
  });

  test('a name with one private answer, for pages on the internet: it could be the next answer', async () => {
    NAMES['rebind.test'] = ['8.8.8.8', '192.168.1.1'];
    assert.match(await refusal(guard().check('http://rebind.test/', rules('internet'))), /192\.168\.1\.1/);
    assert.equal((await guard().check('http://rebind.test/', rules('page'))).isLocal, false);
    assert.equal((await guard().check('http://camera.test/', rules('page'))).isLocal, true);
    const open = guard({ allowLoopback: true });
    assert.match(await refusal(open.check('http://localhost/', rules('internet'))), /only public/);
  });

  test('a page of the own network whose name leads to the internet after all', async () => {
    const page = { ...rules('page'), home: 'public.test' };
    assert.match(
      await refusal(guard().check('http://public.test/', page)),
      /is public, but led into your own/,
    );
    await guard().check('http://8.8.8.8/', page);
  });

  test('our own listeners, also with loopback allowed and by the address of the network card', async () => {
    const open = guard({ allowLoopback: true, ownPorts: () => [8082] });
    assert.match(await refusal(open.check('http://localhost:8082/', rules())), /belongs to this hub itself/);
    await refusal(open.check('http://[::1]:8082/', rules()));
    await open.check('http://127.0.0.1:8083/', rules());
    const cards = Object.values(networkInterfaces()).flatMap(entries => entries ?? []);
    for (const card of cards.filter(entry => entry.family === 'IPv4' && !entry.internal)) {
      assert.match(await refusal(open.check(`http://${card.address}:8082/`, rules())), /never opened/);
    }
    await open.check('http://192.168.77.77:8082/', rules());
  });

  test('our own proxies, even by an exception', async () => {
    const open = guard({ allowLoopback: true });
    await using proxy = await open.openProxy(rules());
    await refusal(open.check(`http://127.0.0.1:${proxy.port}/`, rules()));
  });

  test('names without an address', async () => {
    assert.match(
      await refusal(guard().check('http://gone.test/', rules()), 'source-unreachable'),
      /“gone.test”/,
    );
    await refusal(guard().check('http://empty.test/', rules()), 'source-unreachable');
  });

  test('an aborted check ends although the resolver never answers', async () => {
    const stop = new AbortController();
    const check = guard({}, () => new Promise(() => undefined)).check(
      'http://slow.test/',
      rules(),
      stop.signal,
    );
    stop.abort();
    await assert.rejects(check, { name: 'AbortError' });
  });
});
