import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import { aSource, watchBench } from '#test/fakes/watch-bench.ts';

test('a dry run gives the picture, the attempt and the lines, and tells and stores nothing', async () => {
  const bench = watchBench({
    onRun(run) {
      run.context.note('opened http://me:pw@cam/');
      run.send();
    },
  });
  const { watch } = bench;
  const run = await watch.tryOut(aSource({ enabled: false }));
  assert.equal(run.picture?.width, 640);
  assert.equal(run.failure, null);
  assert.equal(run.attempts[0]?.isSuccess, true);
  assert.match(run.lines?.[0] ?? '', /http:\/\/\*\*\*@cam/);
  assert.ok(bench.runs[0]?.isClosed && bench.runs[0].context.isSingle);
  assert.equal(watch.latest('door1234'), undefined);
  assert.deepEqual(watch.attempts('door1234'), []);
  assert.deepEqual(bench.told, []);
});

test('what a source calls itself is part of the answer: its page, or what the kind learned', async () => {
  const page = watchBench({ onRun: run => run.send({ page: { title: 'Weather today' } }) });
  assert.equal((await page.watch.tryOut(aSource())).name, 'Weather today');
  const camera = watchBench({
    onRun(run) {
      run.context.named?.('Tulip Eye 2');
      run.send({ page: { title: 'Index' } });
    },
  });
  assert.equal((await camera.watch.tryOut(aSource())).name, 'Tulip Eye 2');
  const silent = watchBench({ onRun: run => run.send() });
  assert.equal((await silent.watch.tryOut(aSource())).name, undefined);
});

test('what fails is part of the answer: an error of the kind, a bug, an unknown kind', async () => {
  for (const [thrown, code] of [
    [new GlimpserError('source-refused-login', 'Wrong password.'), 'source-refused-login'],
    [new TypeError('bug'), 'internal'],
  ] as const) {
    const { watch } = watchBench({ onRun: run => run.fail(thrown) });
    const run = await watch.tryOut(aSource());
    assert.equal(run.picture, null);
    assert.equal(run.failure?.code, code);
    assert.equal(run.attempts[0]?.code, code);
  }
  const unknown = await watchBench().watch.tryOut(aSource({ kind: 'gone' }));
  assert.equal(unknown.failure?.code, 'kind-unknown');
});

test('it ends after 60 s, when the caller leaves, and no more than eight run at once', async () => {
  const bench = watchBench({ manner: 'single' });
  const leaver = new AbortController();
  const late = bench.watch.tryOut(aSource());
  const left = bench.watch.tryOut(aSource(), leaver.signal);
  const others = Array.from({ length: 6 }, () => bench.watch.tryOut(aSource()));
  await assert.rejects(bench.watch.tryOut(aSource()), { code: 'too-many-requests' });
  leaver.abort();
  assert.equal((await left).failure?.code, 'timed-out');
  await bench.clock.advance(60_000);
  assert.match((await late).failure?.sentence ?? '', /no picture within 60 s/);
  await Promise.all(others);
  assert.equal(bench.clock.waiting, 0);
});
