import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bus } from '#server/base/bus.ts';

interface Table {
  rang: { times: number };
  left: { who: string };
}

test('a listener gets the payload of its signal until it is disposed', () => {
  const bus = new Bus<Table>(() => assert.fail('nobody threw'));
  const heard: number[] = [];
  const ear = bus.on('rang', 'bell', ({ times }) => heard.push(times));
  bus.emit('rang', { times: 1 });
  bus.emit('left', { who: 'guest' });
  ear[Symbol.dispose]();
  bus.emit('rang', { times: 2 });
  assert.deepEqual(heard, [1]);
});

test('a listener that throws is named and the next one is still called', () => {
  const failures: string[] = [];
  const bus = new Bus<Table>((listener, signal, thrown) => failures.push(`${listener}/${signal}: ${thrown}`));
  let isHeard = false;
  bus.on('rang', 'broken', () => {
    throw new Error('no');
  });
  bus.on('rang', 'sound', () => {
    isHeard = true;
  });
  bus.emit('rang', { times: 1 });
  assert.deepEqual(failures, ['broken/rang: Error: no']);
  assert.ok(isHeard);
});

test('a listener that rejects is named', async () => {
  const told = Promise.withResolvers<string>();
  const bus = new Bus<Table>(listener => told.resolve(listener));
  bus.on('left', 'late', async () => Promise.reject(new Error('later')));
  bus.emit('left', { who: 'guest' });
  assert.equal(await told.promise, 'late');
});

test('onAny hears every signal with its name', () => {
  const bus = new Bus<Table>(() => assert.fail('nobody threw'));
  const names: string[] = [];
  bus.onAny('all', told => names.push(told.signal));
  bus.emit('rang', { times: 1 });
  bus.emit('left', { who: 'guest' });
  assert.deepEqual(names, ['rang', 'left']);
});
