import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownSubnets, readSubnet, readSubnets } from '#server/base/subnet.ts';

test('a network is its hosts without the two that mean everybody', () => {
  const { cidr, hosts } = readSubnet(' 192.168.1.77/24 ');
  assert.deepEqual(
    [cidr, hosts.length, hosts[0], hosts.at(-1)],
    ['192.168.1.0/24', 254, '192.168.1.1', '192.168.1.254'],
  );
  assert.deepEqual(readSubnet('10.0.0.5').hosts, ['10.0.0.5']);
  assert.deepEqual(readSubnet('172.16.3.4/31').hosts, ['172.16.3.4', '172.16.3.5']);
  assert.deepEqual(readSubnet('172.31.255.255/30').hosts, ['172.31.255.253', '172.31.255.254']);
});

test('public, special and large networks are refused in words', () => {
  for (const [text, code, reason] of [
    ['8.8.8.0/24', 'address-refused', /8\.8\.8\.0\/24 is a public address. Only private networks/],
    ['169.254.169.254', 'address-refused', /metadata/],
    ['100.64.0.0/24', 'address-refused', /provider/],
    ['224.0.0.0/28', 'address-refused', /multicast/],
    ['0.0.0.0/32', 'address-refused', /unspecified/],
    ['10.0.0.0/8', 'body-invalid', /too large.*10\.0\.0\.0\/24/],
    ['192.168.0.0/23', 'body-invalid', /too large/],
    ['fd00::/64', 'body-invalid', /no network/],
    ['192.168.1.0/33', 'body-invalid', /no network/],
    ['192.168.300.1', 'body-invalid', /no network/],
    ['0300.0250.1.1', 'body-invalid', /no network/],
    ['', 'body-invalid', /no network/],
  ] as const) {
    assert.throws(() => readSubnet(text), { code, message: reason }, text);
  }
});

test('several networks together are no more than one', () => {
  assert.equal(readSubnets(['10.0.0.0/25', '10.0.1.0/25']).length, 2);
  assert.throws(() => readSubnets(['10.0.0.0/24', '10.0.1.0/30']), {
    code: 'body-invalid',
    message: /256 addresses/,
  });
});

test('of our own networks only private ones are offered, and a /24 at most', () => {
  const one = (address: string, cidr: string, more: object = {}) => ({
    ...{ address, cidr, family: 'IPv4' as const, netmask: '', mac: '', internal: false },
    ...more,
  });
  const found = ownSubnets({
    lo: [one('127.0.0.1', '127.0.0.1/8', { internal: true })],
    eth0: [one('10.1.2.3', '10.1.2.3/16'), { ...one('fd00::2', 'fd00::2/64'), family: 'IPv6', scopeid: 0 }],
    eth1: [one('192.168.7.130', '192.168.7.130/25')],
    eth2: [one('203.0.113.9', '203.0.113.9/24')],
  });
  assert.deepEqual(found, [
    { cidr: '10.1.2.0/24', address: '10.1.2.3', name: 'eth0' },
    { cidr: '192.168.7.128/25', address: '192.168.7.130', name: 'eth1' },
  ]);
});
