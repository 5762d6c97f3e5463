import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverOpened } from '#server/base/egress-literal.ts';

test('addresses that nothing opens are told apart from all others, however they are written', () => {
  const never = [
    'http://169.254.169.254/',
    'https://[::ffff:169.254.169.254]/',
    'rtsp://0xa9.0xfe.0xa9.0xfe/',
  ];
  for (const url of [...never, 'http://[64:ff9b::a9fe:a9fe]/', 'http://0.0.0.0/', 'http://[fe80::1]:80/x'])
    assert.match(neverOpened(url) ?? '', /is an? .*; it is never opened$/, url);
  const open = [
    'http://10.0.0.5/',
    'rtsp://user:pass@192.168.1.5/1',
    'http://localhost/',
    'http://example.org/',
  ];
  for (const url of [...open, 'Front door', 'C:/videos', '', 'http://a b/', 'http:///', 'http://[::1]/'])
    assert.equal(neverOpened(url), undefined, url);
});
