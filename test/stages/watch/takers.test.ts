import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from '#test/fakes/clock.ts';
import { aSource, payloads, watchBench } from '#test/fakes/watch-bench.ts';

test('every taker gets every picture that it has time for; a slow one delays nobody', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(0);
  const heard: number[] = [];
  using _ear = watch.listen('door1234', frame => heard.push(frame.sequence), { isViewer: false });
  using slow = watch.take('door1234', { isViewer: true });
  const slowly = slow[Symbol.asyncIterator]();
  const first = slowly.next();
  for (let i = 0; i < 10; i++) {
    bench.runs[0]?.send();
    await settle();
  }
  assert.equal((await first).value?.sequence, 1);
  assert.deepEqual(heard, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.equal((await slowly.next()).value?.sequence, 10, 'the newest only');
});

test('frames are the same object for all takers', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(0);
  const seen: object[] = [];
  using _a = watch.listen('door1234', frame => seen.push(frame), { isViewer: false });
  using _b = watch.listen('door1234', frame => seen.push(frame), { isViewer: false });
  bench.runs[0]?.send();
  await settle();
  assert.equal(seen.length, 2);
  assert.equal(seen[0], seen[1]);
  assert.equal(seen[0], watch.latest('door1234'));
});

test('a taker that throws is logged and the others go on', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  watch.start(aSource());
  await bench.clock.advance(0);
  let heard = 0;
  using _bad = watch.listen(
    'door1234',
    () => {
      throw new Error('no');
    },
    { isViewer: false },
  );
  using _good = watch.listen('door1234', () => heard++, { isViewer: false });
  bench.runs[0]?.send();
  bench.runs[0]?.send();
  await settle();
  assert.equal(heard, 2);
  assert.ok(bench.logged.includes('error: A taker of frames threw'));
});

test('viewers are counted as they come and go, also before the source runs', async () => {
  const bench = watchBench();
  await using watch = bench.watch;
  const one = watch.take('door1234', { isViewer: true });
  const two = watch.listen('door1234', () => undefined, { isViewer: true });
  using _silent = watch.listen('door1234', () => undefined, { isViewer: false });
  assert.equal(watch.viewers('door1234'), 2);
  one[Symbol.dispose]();
  one[Symbol.dispose]();
  two[Symbol.dispose]();
  assert.equal(watch.viewers('door1234'), 0);
  assert.deepEqual(
    payloads(bench.told, 'viewers.changed').map(({ viewers }) => viewers),
    [1, 2, 1, 0],
  );
});

test('leaving the loop lets go, and removing the source ends every reader', async () => {
  const bench = watchBench({ onRun: run => run.send() });
  await using watch = bench.watch;
  const taken = watch.take('door1234', { isViewer: true });
  const reading = (async () => {
    for await (const frame of taken) return frame.sequence;
    return 0;
  })();
  watch.start(aSource());
  await settle();
  assert.equal(await reading, 1);
  assert.equal(watch.viewers('door1234'), 0);
  using last = watch.take('door1234', { isViewer: false });
  const waiting = last[Symbol.asyncIterator]().next();
  await watch.stop('door1234');
  assert.equal((await waiting).done, true);
});
