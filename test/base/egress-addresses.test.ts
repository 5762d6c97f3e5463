import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type AddressSort, plainAddress, sortOf } from '#server/base/egress-addresses.ts';

const TABLE: Record<AddressSort, string[]> = {
  public: [
    '8.8.8.8',
    '1.1.1.1',
    '2606:4700::1111',
    '172.32.0.1',
    '100.128.0.1',
    '64:ff9b::808:808',
    '2002:808:808::1',
  ],
  private: [
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    'fd12:3456::1',
    'fc00::1',
    '::ffff:192.168.1.1',
  ],
  shared: ['100.64.0.1', '100.127.255.254'],
  loopback: [
    '127.0.0.1',
    '127.255.0.9',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ],
  metadata: [
    '169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fd00:ec2::254',
    'FD00:0EC2:0:0:0:0:0:254',
    'fd20:ce::254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::ffff:0:a9fe:a9fe',
    '::a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    // Teredo: the address of the server in the open, of the client inverted.
    '2001:0:a9fe:a9fe::1',
    '2001:0:808:808:0:0:5601:5601',
  ],
  'link-local': ['169.254.0.1', 'fe80::1', 'fe80::1%eth0', 'febf::1', '::ffff:169.254.1.1'],
  unspecified: ['0.0.0.0', '0.1.2.3', '::', '::ffff:0.0.0.0'],
  multicast: ['224.0.0.1', '239.255.255.250', 'ff02::1'],
  broadcast: ['255.255.255.255'],
  reserved: [
    '192.0.2.1',
    '192.88.99.1',
    '198.18.0.1',
    '240.0.0.1',
    '2001:db8::1',
    '64:ff9b:1::1',
    'fec0::1',
    '100::1',
    '4000::1',
    'no address',
  ],
};

for (const [sort, addresses] of Object.entries(TABLE)) {
  describe(sort, () => {
    for (const address of addresses) test(address, () => assert.equal(sortOf(address), sort));
  });
}

test('plain forms', () => {
  assert.equal(plainAddress('[::FFFF:10.0.0.1]'), '10.0.0.1');
  assert.equal(plainAddress('0x7f.1'), '127.0.0.1');
  assert.equal(plainAddress('FE80:0::1'), 'fe80::1');
  assert.equal(plainAddress('cam.local'), undefined);
});
