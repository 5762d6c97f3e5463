import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interest } from '#server/base/interest.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';

const never = new AbortController().signal;

test('the first and the last are told, and leaving twice counts once', () => {
  const interest = new Interest();
  const told: boolean[] = [];
  interest.onChange(() => told.push(interest.isWanted));
  const [one, two] = [interest.add(), interest.add()];
  one[Symbol.dispose]();
  one[Symbol.dispose]();
  assert.equal(interest.isWanted, true);
  two[Symbol.dispose]();
  assert.deepEqual(told, [true, false]);
});

test('whoever wants the part wants the whole', () => {
  const whole = new Interest();
  const [left, right] = [new Interest(whole), new Interest(whole)];
  const one = left.add();
  const two = right.add();
  one[Symbol.dispose]();
  assert.equal(whole.isWanted, true);
  two[Symbol.dispose]();
  assert.equal(whole.isWanted, false);
});

test('interest is lost when nobody came back for a while', async () => {
  const clock = new FakeClock();
  const interest = new Interest();
  const place = interest.add();
  let isLost = false;
  const lost = interest.lost(10_000, clock, never).then(() => {
    isLost = true;
  });
  await clock.advance(60_000);
  place[Symbol.dispose]();
  await clock.advance(9000);
  const again = interest.add();
  await clock.advance(9000);
  again[Symbol.dispose]();
  await clock.advance(9999);
  assert.equal(isLost, false);
  await clock.advance(1);
  await lost;
  assert.equal(clock.waiting, 0);
});

test('waiting ends with its signal and leaves nothing behind', async () => {
  const clock = new FakeClock();
  const interest = new Interest();
  const stop = new AbortController();
  const wanted = assert.rejects(interest.wanted(stop.signal), { message: 'enough' });
  const lost = assert.rejects(interest.lost(1000, clock, stop.signal), { message: 'enough' });
  await settle();
  stop.abort(new Error('enough'));
  await Promise.all([wanted, lost]);
  await settle();
  assert.equal(clock.waiting, 0);
});
