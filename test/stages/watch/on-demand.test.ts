/** Sources that are looked at only while somebody wants them: asleep is a state, not a failure. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import { aSource, payloads, watchBench } from '#test/fakes/watch-bench.ts';

const battery = aSource({ schedule: 'on-demand' });
const viewer = { isViewer: true };

test('nobody looks: nothing is opened; the first who looks wakes it, and it sleeps 15 s after the last', async () => {
  const bench = watchBench({ onRun: run => run.send() });
  await using watch = bench.watch;
  watch.start(battery);
  await bench.clock.advance(3_600_000);
  assert.equal(bench.runs.length, 0);
  assert.equal(payloads(bench.told, 'source.slept').length, 1);
  const place = watch.listen('door1234', () => undefined, viewer);
  await bench.clock.advance(0);
  assert.equal(bench.runs.length, 1);
  assert.ok(watch.latest('door1234'));
  place[Symbol.dispose]();
  await bench.clock.advance(14_999);
  assert.equal(bench.runs[0]?.isClosed, false, 'people come back');
  await bench.clock.advance(1);
  assert.equal(bench.runs[0]?.isClosed, true);
  assert.equal(payloads(bench.told, 'source.slept').length, 2);
  assert.equal(payloads(bench.told, 'source.failed').length, 0);
});

test('who only takes what comes wakes nobody', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(battery);
  using _ear = watch.listen('door1234', () => undefined, { isViewer: false });
  await bench.clock.advance(60_000);
  assert.equal(bench.runs.length, 0);
});

test('a picture that is asked for wakes it for as long as that takes', async () => {
  const bench = watchBench({ onRun: run => run.send() });
  await using watch = bench.watch;
  watch.start(battery);
  await bench.clock.advance(0);
  const [one, other] = [watch.captureNow('door1234'), watch.captureNow('door1234')];
  await bench.clock.advance(0);
  assert.equal((await one).sequence, (await other).sequence);
  assert.equal(bench.runs.length, 1);
  await bench.clock.advance(15_000);
  assert.equal(bench.runs[0]?.isClosed, true);
});

test('a camera that does not wake up says so to who asked, and is tried again while somebody looks', async () => {
  const bench = watchBench({
    onRun: run => run.fail(new GlimpserError('source-unreachable', 'Front door does not answer.')),
  });
  await using watch = bench.watch;
  watch.start(battery);
  await bench.clock.advance(0);
  const asked = assert.rejects(watch.captureNow('door1234'), { code: 'source-unreachable' });
  await bench.clock.advance(0);
  await asked;
  using _place = watch.listen('door1234', () => undefined, viewer);
  await bench.clock.advance(4000);
  assert.ok(bench.runs.length >= 3);
});

test('who holds the stream keeps a source connected that is else looked at now and then', async () => {
  const bench = watchBench({ hasVideo: true, onRun: run => run.send() });
  await using watch = bench.watch;
  watch.start(aSource({ schedule: '10m' }));
  await bench.clock.advance(0);
  assert.equal(bench.runs[0]?.isClosed, true, 'one picture, then the next tick');
  const held = watch.hold('door1234');
  await bench.clock.advance(60_000);
  assert.equal(bench.runs.length >= 2, true);
  held[Symbol.dispose]();
  await bench.clock.advance(0);
  assert.equal(bench.runs.at(-1)?.isClosed, true);
});
