import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PORTS } from '#server/stages/discover/discover.ts';
import {
  ADVICE,
  addressGap,
  addressHelp,
  foundState,
  inOrder,
  isReady,
  scanWords,
  shareOf,
} from '#ui/app/find/find-words.ts';
import type { Found, Scan } from '#ui/app/find/shapes.ts';

const SCAN: Scan = { id: 's', status: 'running', done: 0, total: 0, found: 0, subnets: [], notes: [] };
const FOUND: Found = {
  id: 'a',
  name: 'Porch',
  maker: '',
  model: '',
  address: '10.0.0.5',
  ways: [],
  needsLogin: false,
  hasPicture: true,
  seenAt: '',
  sourceId: null,
};

test('a search is told in words, and never seems done before it is', () => {
  assert.equal(scanWords(SCAN), 'Looking through the network…');
  assert.equal(scanWords({ ...SCAN, found: 1 }), 'Looking… 1 camera so far');
  assert.equal(scanWords({ ...SCAN, status: 'done' }), 'Done. No camera answered.');
  assert.equal(scanWords({ ...SCAN, status: 'cancelled', found: 2 }), 'Stopped. 2 cameras found until then.');
  assert.equal(shareOf(SCAN), 0);
  assert.equal(shareOf({ ...SCAN, done: 4, total: 4 }), 0.97);
  assert.equal(shareOf({ ...SCAN, done: 4, total: 4, status: 'done' }), 1);
});

test('only what needs nothing is added with one click', () => {
  assert.deepEqual([isReady(FOUND), foundState(FOUND).words], [true, 'Ready']);
  for (const [change, words] of [
    [{ needsLogin: true, hasPicture: false }, 'Needs a login'],
    [{ hasPicture: false }, 'No picture yet'],
    [{ sourceId: 'cam1' }, 'Added already'],
  ] as const) {
    const found = { ...FOUND, ...change };
    assert.deepEqual([isReady(found), foundState(found).words], [false, words]);
  }
});

test('the advice names every port that the hub tries, and no other', () => {
  const named = ADVICE.join(' ').match(/\d+/g) ?? [];
  const tried = [...PORTS.http, ...PORTS.rtsp].map(String);
  assert.deepEqual(named.toSorted(), tried.toSorted());
});

test('who writes nothing is told what to write, and of the networks of the hub where it has some', () => {
  const subnets = [{ cidr: '10.0.0.0/24', address: '10.0.0.9', name: 'eth0' }];
  assert.match(addressGap([]), /such as 192\.168\.1\.0\/24\.$/);
  assert.match(addressGap(subnets), /from the list/);
  assert.match(addressHelp([]), /no private network/);
  assert.doesNotMatch(addressHelp(subnets), /no private network/);
});

test('cards stand by address', () => {
  const at = (address: string) => ({ ...FOUND, address });
  const sorted = inOrder([at('10.0.0.20'), at('10.0.0.3'), at('10.0.0.100')]);
  assert.deepEqual(
    sorted.map(({ address }) => address),
    ['10.0.0.3', '10.0.0.20', '10.0.0.100'],
  );
});
