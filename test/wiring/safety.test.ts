/** Safety: when a start is a safe one, how safe mode ends, and that it comes back at once when it ended too early. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { silentLog } from '#server/base/log.ts';
import { StartBook } from '#server/store/start-book.ts';
import { Safety } from '#server/wiring/safety.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { payloads, recordingBus } from '#test/fakes/watch-bench.ts';

async function setUp(t: TestContext) {
  const file = join(await temporaryFolder(t), 'starts.json');
  const clock = new FakeClock();
  const { bus, told } = recordingBus();
  /** A start of the hub; nothing is left of it but its file. */
  const start = () => {
    const safety = new Safety({
      ...{ bus, clock, log: silentLog },
      book: new StartBook({ file, clock, log: silentLog }),
    });
    safety.begin();
    return safety;
  };
  const storm = () => {
    for (let i = 0; i < 4; i++) assert.equal(start().mode, null, `start ${i + 1}`);
  };
  return { clock, start, storm, left: () => payloads(told, 'safe-mode.left').length };
}

test('the fifth start in a circle is safe and says why; a crash says its last words', async t => {
  const { start, storm } = await setUp(t);
  storm();
  const safe = start();
  assert.match(safe.mode?.reason ?? '', /ended 4 times soon after its start/);
  assert.match(safe.problems().join(), /^Safe mode: .*half an hour.*without a word/);
  safe.leave();
  safe.crash(new Error('The camera was too much'));
  safe[Symbol.dispose]();
  assert.match(start().problems().join(), /Before it ended it said: The camera was too much/);
});

test('a minute of calm, or an end that was asked for, begins the count anew', async t => {
  const { start, storm, clock } = await setUp(t);
  for (let i = 0; i < 3; i++) start();
  start()[Symbol.dispose]();
  storm();
  await clock.advance(60_000);
  storm();
});

test('whoever leaves safe mode starts the sources; one more early end, and it is back', async t => {
  const { start, storm, left, clock } = await setUp(t);
  storm();
  const safe = start();
  safe.leave();
  assert.equal(safe.mode, null);
  assert.deepEqual(safe.problems(), []);
  assert.equal(left(), 1);
  assert.throws(() => safe.leave(), { code: 'conflict' });
  const again = start();
  assert.match(again.mode?.reason ?? '', /ended 5 times/);
  again.leave();
  await clock.advance(60_000);
  assert.equal(start().mode, null, 'a minute of calm after leaving');
});

test('when nobody comes the sources are tried again after half an hour', async t => {
  const { start, storm, left, clock } = await setUp(t);
  storm();
  const safe = start();
  await clock.advance(30 * 60_000 - 1);
  assert.notEqual(safe.mode, null);
  await clock.advance(1);
  assert.equal(safe.mode, null);
  assert.equal(left(), 1);
  assert.notEqual(start().mode, null, 'it ended early again');
});
