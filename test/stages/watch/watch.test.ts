import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import { aSource, payloads, watchBench } from '#test/fakes/watch-bench.ts';

test('live: the first look comes at once and every picture becomes a numbered frame without a copy', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(0);
  assert.equal(bench.runs[0]?.context.everyMs, 0);
  assert.equal(bench.runs[0]?.context.isSingle, false);
  const image = Buffer.from('pixels');
  bench.runs[0]?.send({ image, tookMs: 12, page: { httpStatus: 200 } });
  bench.runs[0]?.send();
  await bench.clock.advance(0);
  assert.equal(watch.latest('door1234')?.sequence, 2);
  const [captured] = payloads(bench.told, 'source.captured');
  assert.deepEqual(captured, {
    sourceId: 'door1234',
    at: bench.clock.now(),
    bytes: 6,
    width: 640,
    height: 480,
    tookMs: 12,
    page: { httpStatus: 200 },
  });
  assert.equal(payloads(bench.told, 'source.attempted').length, 1, 'one attempt per connection');
  assert.match(watch.attempts('door1234')[0]?.sentence ?? '', /640 × 480 came, the page answered 200/);
});

test('plans: short intervals keep the connection of a stream, all else is a job per tick', async () => {
  for (const [manner, schedule, everyMs, isSingle] of [
    ['stream', '500ms', 500, false],
    ['stream', '10s', 0, true],
    ['single', '500ms', 0, true],
    ['single', 'live', 1000, false],
  ] as const) {
    const bench = watchBench({ manner });
    await using watch = bench.watch;
    watch.start(aSource({ schedule }));
    await bench.clock.advance(0);
    const { context } = bench.runs[0] ?? assert.fail('no run');
    assert.deepEqual([context.everyMs, context.isSingle], [everyMs, isSingle], `${manner} ${schedule}`);
  }
});

test('interval: one picture per tick, each run closed, missed ticks are skipped', async () => {
  const bench = watchBench({ manner: 'single' });
  await using watch = bench.watch;
  watch.start(aSource({ schedule: '10s' }));
  await bench.clock.advance(0);
  bench.runs[0]?.send();
  bench.runs[0]?.send();
  await bench.clock.advance(0);
  assert.ok(bench.runs[0]?.isClosed);
  assert.equal(watch.latest('door1234')?.sequence, 1, 'only the first picture of a job is taken');
  await bench.clock.advance(10_000);
  assert.equal(bench.runs.length, 2);
  await bench.clock.advance(25_000);
  bench.runs[1]?.send();
  await bench.clock.advance(4999);
  assert.equal(bench.runs.length, 2);
  await bench.clock.advance(1);
  assert.equal(bench.runs.length, 3, 'the next tick of the beat');
});

test('a failed job is retried by back-off, also when the next tick is a day away', async () => {
  const bench = watchBench({
    onRun: (run, index) =>
      index === 0 ? run.fail(new GlimpserError('page-failed', 'The page did not load.')) : run.send(),
  });
  await using watch = bench.watch;
  watch.start(aSource({ schedule: '1d' }));
  await bench.clock.advance(1000);
  assert.equal(watch.latest('door1234')?.sequence, 1);
  await bench.clock.advance(80_000_000);
  assert.equal(bench.runs.length, 2);
});

test('empty pictures are left out and do not count as a sign of life', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource());
  for (let i = 0; i < 20; i++) {
    await bench.clock.advance(0);
    bench.runs[0]?.send(i % 2 ? { image: Buffer.alloc(0) } : { width: 0 });
    await bench.clock.advance(1000);
  }
  assert.equal(watch.latest('door1234'), undefined);
  assert.equal(payloads(bench.told, 'source.failed')[0]?.error.code, 'source-silent');
  assert.equal(watch.logOf('door1234').filter(line => line.includes('empty picture')).length, 1);
});

test('switching off and pausing end the connection and say why; resuming starts again', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(0);
  watch.setPaused(true);
  watch.setPaused(true);
  await bench.clock.advance(0);
  assert.ok(bench.runs[0]?.isClosed);
  await assert.rejects(watch.captureNow('door1234'), { code: 'source-disabled', message: /Resume/ });
  watch.setPaused(false);
  await bench.clock.advance(1000);
  assert.equal(bench.runs.length, 2);
  watch.update(aSource({ enabled: false }));
  await bench.clock.advance(60_000);
  assert.ok(bench.runs[1]?.isClosed);
  assert.equal(bench.runs.length, 2);
  await assert.rejects(watch.captureNow('door1234'), { code: 'source-disabled', message: /Switch it on/ });
  assert.deepEqual(
    payloads(bench.told, 'source.stopped').map(({ reason }) => reason),
    ['All captures are paused', 'Switched off'],
  );
});

test('a hub that starts paused looks at nothing until it is resumed', async () => {
  const bench = watchBench({}, { isPaused: true });
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(60_000);
  assert.equal(bench.runs.length, 0);
  watch.setPaused(false);
  await bench.clock.advance(1000);
  assert.equal(bench.runs.length, 1);
});

test('a change of name keeps the connection; a change of schedule or options starts afresh, never two at once', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(0);
  bench.runs[0]?.send();
  await bench.clock.advance(0);
  watch.update(aSource({ name: 'Back door', groups: ['outside'] }));
  await bench.clock.advance(0);
  assert.equal(bench.runs.length, 1);
  watch.update(aSource({ schedule: '2s' }));
  watch.update(aSource({ schedule: '3s' }));
  await bench.clock.advance(0);
  assert.equal(bench.runs.length, 2);
  assert.equal(bench.runs[1]?.context.everyMs, 3000);
  assert.ok(watch.latest('door1234'), 'it still shows the same place');
  watch.update(aSource({ schedule: '3s', options: { url: 'elsewhere' } }));
  assert.equal(watch.latest('door1234'), undefined);
  await bench.clock.advance(0);
  assert.equal(bench.runs.filter(run => !run.isClosed).length, 1);
  watch.restart('door1234');
  await bench.clock.advance(0);
  assert.equal(bench.runs.length, 4);
  assert.equal(bench.runs.filter(run => !run.isClosed).length, 1);
});

test('a hundred sources start within a second, one by one, and leave nothing behind', async () => {
  let random = 0;
  const bench = watchBench({}, { random: () => (random = (random + 0.01) % 1) });
  const { watch } = bench;
  const ids = Array.from({ length: 100 }, (_, index) => `source${index}`);
  for (const id of ids) watch.start(aSource({ id }));
  await bench.clock.advance(0);
  assert.equal(bench.runs.length, 1, 'the first at once');
  await bench.clock.advance(500);
  assert.ok(bench.runs.length > 20 && bench.runs.length < 80, `spread: ${bench.runs.length}`);
  await bench.clock.advance(500);
  assert.equal(bench.runs.length, 100);
  for (const run of bench.runs) run.send();
  await bench.clock.advance(0);
  for (const id of ids.slice(0, 50)) await watch.stop(id);
  assert.equal(watch.latest('source0'), undefined);
  assert.deepEqual(watch.attempts('source0'), []);
  assert.equal(watch.attempts('source50').length, 1);
  await watch[Symbol.asyncDispose]();
  assert.equal(bench.clock.waiting, 0, 'no timer is left');
  assert.ok(bench.runs.every(run => run.isClosed));
});

test('log lines are bounded and without credentials', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(0);
  for (let i = 0; i < 300; i++)
    bench.runs[0]?.context.note(`line ${i} rtsp://me:secret@cam/ ${'x'.repeat(3000)}`);
  const lines = watch.logOf('door1234');
  assert.equal(lines.length, 200);
  assert.match(lines[0] ?? '', /^2026-01-01T00:00:00\.000Z line 100 rtsp:\/\/\*\*\*@cam/);
  assert.ok((lines[0]?.length ?? 0) < 600);
});

test('what is asked of an unknown source is refused by name', async () => {
  const { watch } = watchBench();
  await assert.rejects(watch.captureNow('nope'), { code: 'not-found' });
  assert.throws(() => watch.restart('nope'), { code: 'not-found' });
  assert.equal(watch.viewers('nope'), 0);
  assert.equal(watch.nextAt('nope'), null);
});

test('the next look is told: by the schedule, by the next try, or not at all', async () => {
  const bench = watchBench({ manner: 'single' });
  await using watch = bench.watch;
  watch.start(aSource({ schedule: '1h' }));
  await bench.clock.advance(0);
  const start = bench.clock.now();
  bench.runs[0]?.send();
  await bench.clock.advance(60_000);
  assert.equal(watch.nextAt('door1234'), start + 3_600_000);
  await bench.clock.advance(3_540_000);
  bench.runs[1]?.fail(new GlimpserError('page-failed', 'The page did not load.'));
  await bench.clock.advance(0);
  assert.equal(watch.nextAt('door1234'), bench.clock.now() + 1000);
  watch.update(aSource({ schedule: '1h', enabled: false }));
  assert.equal(watch.nextAt('door1234'), null);
  watch.start(aSource({ id: 'live1234' }));
  assert.equal(watch.nextAt('live1234'), null);
});
