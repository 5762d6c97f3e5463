import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import { aSource, payloads, watchBench } from '#test/fakes/watch-bench.ts';

const unreachable = () => new GlimpserError('source-unreachable', 'Front door does not answer.');

test('failures are retried in tiers, and each one is told with its next try', async () => {
  const bench = watchBench({ onRun: run => run.fail(unreachable()) });
  await using watch = bench.watch;
  watch.start(aSource());
  const waits = [...Array(5).fill(1000), ...Array(5).fill(5000), ...Array(10).fill(10_000), 60_000, 60_000];
  for (const [index, waitMs] of waits.entries()) {
    await bench.clock.advance(0);
    const failed = payloads(bench.told, 'source.failed');
    assert.equal(failed.length, index + 1);
    assert.equal(failed[index]?.retryAt, bench.clock.now() + waitMs);
    await bench.clock.advance(waitMs - 1);
    assert.equal(bench.runs.length, index + 1, 'never faster than the back-off');
    await bench.clock.advance(1);
    assert.equal(bench.runs.length, index + 2);
  }
  assert.equal(watch.attempts('door1234')[0]?.code, 'source-unreachable');
  assert.equal(
    bench.logged.filter(line => line.startsWith('warning')).length,
    1,
    'one line, not one per try',
  );
});

test('a refused login waits five minutes, says so, and nothing but a person shortens that', async () => {
  const refused = new GlimpserError('source-refused-login', 'Front door refused the password.');
  const bench = watchBench({ onRun: run => run.fail(refused) });
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(0);
  const [failed] = payloads(bench.told, 'source.failed');
  assert.equal(failed?.retryAt, bench.clock.now() + 300_000);
  assert.equal(
    failed?.error.message,
    'Front door refused the password. Next try at 00:05 UTC, or press Reconnect after correcting it.',
  );
  await bench.clock.advance(200_000);
  await assert.rejects(watch.captureNow('door1234'), { code: 'source-refused-login', message: /00:05 UTC/ });
  watch.update(aSource({ schedule: '1m' }));
  watch.setPaused(true);
  watch.setPaused(false);
  await bench.clock.advance(99_000);
  assert.equal(bench.runs.length, 1, 'not tried before the time');
  await bench.clock.advance(2000);
  assert.equal(bench.runs.length, 2);
  watch.resetBackOff('door1234');
  await bench.clock.advance(0);
  assert.equal(bench.runs.length, 3, 'Reconnect tries at once');
  watch.update(aSource({ schedule: '1m', options: { url: 'with another password' } }));
  await bench.clock.advance(0);
  assert.equal(bench.runs.length, 4, 'a changed login is tried at once');
});

test('pictures that hold for 30 s make failures forgotten, shorter ones do not', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource());
  for (let i = 0; i < 6; i++) {
    await bench.clock.advance(5000);
    bench.runs.at(-1)?.send();
    await bench.clock.advance(0);
    bench.runs.at(-1)?.fail(unreachable());
    await bench.clock.advance(0);
  }
  const failed = () => payloads(bench.told, 'source.failed').at(-1);
  assert.equal(failed()?.retryAt, bench.clock.now() + 5000, 'a flapping source climbs the tiers');
  await bench.clock.advance(5000);
  for (let i = 0; i < 31; i++) {
    bench.runs.at(-1)?.send();
    await bench.clock.advance(1000);
  }
  bench.runs.at(-1)?.fail(unreachable());
  await bench.clock.advance(0);
  assert.equal(failed()?.retryAt, bench.clock.now() + 1000);
});

test('a source that accepts and stays silent is given up after 20 s', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(19_999);
  assert.equal(payloads(bench.told, 'source.failed').length, 0);
  await bench.clock.advance(1);
  const [failed] = payloads(bench.told, 'source.failed');
  assert.equal(failed?.error.code, 'source-silent');
  assert.match(failed?.error.message ?? '', /no picture within 20 s/);
  assert.ok(bench.runs[0]?.isClosed, 'the run is closed before the next begins');
});

test('a stream that stops is noticed after 5 s, a slow one after three of its intervals, none later than 20 s', async () => {
  for (const [gapMs, stallMs] of [
    [100, 5000],
    [4000, 12_000],
    [15_000, 20_000],
  ] as const) {
    const bench = watchBench();
    await using watch = bench.watch;
    watch.start(aSource());
    await bench.clock.advance(0);
    for (let i = 0; i < 3; i++) {
      bench.runs[0]?.send();
      await bench.clock.advance(i < 2 ? gapMs : 0);
    }
    await bench.clock.advance(stallMs - 1);
    assert.equal(payloads(bench.told, 'source.failed').length, 0, `${gapMs} ms`);
    await bench.clock.advance(1);
    assert.match(payloads(bench.told, 'source.failed')[0]?.error.message ?? '', /stopped sending/);
  }
});

test('jobs may take two minutes, not more', async () => {
  const bench = watchBench({ manner: 'single', family: 'website' });
  await using watch = bench.watch;
  watch.start(aSource({ schedule: '1h' }));
  await bench.clock.advance(119_999);
  assert.equal(payloads(bench.told, 'source.failed').length, 0);
  await bench.clock.advance(1);
  assert.equal(payloads(bench.told, 'source.failed')[0]?.error.code, 'source-silent');
});

test('a run that ends by itself is a failure with a sentence, and is retried', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(0);
  bench.runs[0]?.send();
  bench.runs[0]?.end();
  await bench.clock.advance(0);
  assert.equal(payloads(bench.told, 'source.failed')[0]?.error.code, 'source-ended');
  await bench.clock.advance(1000);
  assert.equal(bench.runs.length, 2);
});

test('a kind that throws something else is a bug of ours: logged, told, retried', async () => {
  const bench = watchBench({ onRun: run => run.fail(new TypeError('x is not a function')) });
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(0);
  const [failed] = payloads(bench.told, 'source.failed');
  assert.equal(failed?.error.code, 'internal');
  assert.ok(failed?.error.cause instanceof TypeError);
  assert.ok(bench.logged.some(line => line.startsWith('error: The kind “driven” failed')));
  await bench.clock.advance(1000);
  assert.equal(bench.runs.length, 2);
});

test('what no retry can mend is said once: unknown kind, cron that never comes true', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource({ kind: 'gone' }));
  watch.start({ ...aSource({ id: 'cron1234' }), schedule: { cron: '0 7 31 2 *', timezone: 'UTC' } });
  watch.start({ ...aSource({ id: 'cron5678' }), schedule: { cron: '99 99 * * *', timezone: 'UTC' } });
  await bench.clock.advance(3_600_000);
  const failed = payloads(bench.told, 'source.failed');
  assert.deepEqual(failed.map(({ error, retryAt }) => [error.code, retryAt]).sort(), [
    ['kind-unknown', null],
    ['settings-invalid', null],
    ['settings-invalid', null],
  ]);
  await assert.rejects(watch.captureNow('door1234'), { code: 'kind-unknown' });
});

test('options that the kind does not accept are a sentence with their path', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource({ options: { url: 5 } }));
  await bench.clock.advance(0);
  const [failed] = payloads(bench.told, 'source.failed');
  assert.equal(failed?.error.code, 'settings-invalid');
  assert.match(failed?.error.message ?? '', /options\.url/);
});

test('a kind that ignores its end holds nobody up for more than 10 s', async () => {
  const bench = watchBench({ isStubborn: true });
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(0);
  let isStopped = false;
  const stopping = watch.stop('door1234').then(() => {
    isStopped = true;
  });
  await bench.clock.advance(9999);
  assert.equal(isStopped, false);
  await bench.clock.advance(1);
  await stopping;
  assert.ok(bench.logged.some(line => line.includes('did not let go')));
});
