import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import { aSource, watchBench } from '#test/fakes/watch-bench.ts';

test('a fresh frame answers at once, an older one makes the next frame the answer', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(0);
  bench.runs[0]?.send();
  await bench.clock.advance(999);
  assert.equal((await watch.captureNow('door1234')).sequence, 1);
  await bench.clock.advance(1);
  const next = watch.captureNow('door1234');
  bench.runs[0]?.send();
  assert.equal((await next).sequence, 2);
  assert.equal(bench.runs.length, 1, 'the running connection is used');
});

test('between ticks all who ask share one job, and the tick does not double it', async () => {
  const bench = watchBench({ manner: 'single' });
  await using watch = bench.watch;
  watch.start(aSource({ schedule: '1h' }));
  await bench.clock.advance(0);
  bench.runs[0]?.send();
  await bench.clock.advance(60_000);
  const both = Promise.all([watch.captureNow('door1234'), watch.captureNow('door1234')]);
  await bench.clock.advance(0);
  assert.equal(bench.runs.length, 2);
  bench.runs[1]?.send();
  const [one, two] = await both;
  assert.equal(one, two);
  await bench.clock.advance(3_599_000);
  assert.equal(bench.runs.length, 2, 'the hour counts from the last look');
  await bench.clock.advance(1000);
  assert.equal(bench.runs.length, 3);
});

test('during back-off it tries now; what failed is thrown to all, success brings the source back', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(0);
  bench.runs[0]?.fail(new GlimpserError('source-unreachable', 'No answer.'));
  await bench.clock.advance(0);
  const refused = assert.rejects(watch.captureNow('door1234'), { code: 'source-unreachable' });
  await bench.clock.advance(0);
  bench.runs[1]?.fail(new GlimpserError('source-unreachable', 'No answer.'));
  await refused;
  const got = watch.captureNow('door1234');
  await bench.clock.advance(0);
  bench.runs[2]?.send();
  assert.equal((await got).sequence, 1);
  assert.equal(bench.runs.filter(run => !run.isClosed).length, 1);
});

test('one caller that leaves does not end the look of another', async () => {
  const bench = watchBench({ manner: 'single' });
  await using watch = bench.watch;
  watch.start(aSource({ schedule: '1h' }));
  await bench.clock.advance(0);
  const leaver = new AbortController();
  const left = assert.rejects(watch.captureNow('door1234', leaver.signal), /gone/);
  const stays = watch.captureNow('door1234');
  leaver.abort(new Error('gone'));
  await left;
  bench.runs[0]?.send();
  assert.equal((await stays).sequence, 1);
});

test('who asks while a job is being closed gets the next one', async () => {
  const bench = watchBench({ manner: 'single', isStubborn: true });
  await using watch = bench.watch;
  watch.start(aSource({ schedule: '1h' }));
  await bench.clock.advance(0);
  bench.runs[0]?.send();
  await bench.clock.advance(2000);
  const asked = watch.captureNow('door1234');
  await bench.clock.advance(0);
  assert.equal(bench.runs.length, 2);
  bench.runs[1]?.send();
  assert.equal((await asked).sequence, 2);
});

test('removing or switching off a source sends away who waits', async () => {
  for (const leave of ['stop', 'disable'] as const) {
    const bench = watchBench();
    await using watch = bench.watch;
    watch.start(aSource());
    await bench.clock.advance(0);
    const refused = assert.rejects(watch.captureNow('door1234'), { code: 'source-disabled' });
    if (leave === 'stop') await watch.stop('door1234');
    else watch.update(aSource({ enabled: false }));
    await refused;
  }
});

test('a change of settings does not lose who waits', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(0);
  const asked = watch.captureNow('door1234');
  watch.update(aSource({ options: { url: 'elsewhere' } }));
  await bench.clock.advance(0);
  bench.runs[1]?.send();
  assert.equal((await asked).sequence, 1);
});
