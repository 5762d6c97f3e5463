/** Pictures that were left out for want of speed are told; what comes in one go at a beginning is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aSource, payloads, watchBench } from '#test/fakes/watch-bench.ts';

test('left out is told from ten seconds after the connection, and after each who begins to look', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(0);
  const [run] = bench.runs;
  const leaveOut = async (afterMs: number) => {
    await bench.clock.advance(afterMs);
    run?.send();
    run?.context.dropped();
    return payloads(bench.told, 'source.dropped').length;
  };
  assert.equal(await leaveOut(0), 0, 'a camera begins with what it kept');
  assert.equal(await leaveOut(9999), 0);
  assert.equal(await leaveOut(1), 1);
  using _viewer = watch.listen('door1234', () => undefined, { isViewer: true });
  assert.equal(await leaveOut(0), 1, 'who looks is given first what was kept');
  assert.equal(await leaveOut(10_000), 2);
  assert.deepEqual(payloads(bench.told, 'source.dropped')[0], {
    ...{ sourceId: 'door1234', what: 'picture' },
    at: Date.UTC(2026, 0, 1) + 10_000,
  });
});
