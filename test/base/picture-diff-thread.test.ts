import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { GlimpserError } from '#server/base/errors.ts';
import { DiffThread } from '#server/base/picture-diff-thread.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { digit, drawnPage } from '#test/fakes/drawn-page.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { until } from '#test/fakes/until.ts';

const isCode = (code: string) => (thrown: unknown) => thrown instanceof GlimpserError && thrown.code === code;

/** A thread that does something else. */
async function scripted(t: TestContext, script: string): Promise<URL> {
  const file = join(await temporaryFolder(t), 'thread.mjs');
  await writeFile(file, `import { parentPort } from 'node:worker_threads';\n${script}`);
  return pathToFileURL(file);
}

test('pictures are compared in a thread, several one after the other, and stay whole for others', async () => {
  await using thread = new DiffThread(new FakeClock());
  const [before, after] = [await drawnPage(), await drawnPage({ extra: digit(3, 480, 200) })];
  const asked = [
    thread.diff(before, after, []),
    thread.diff(before, before, []),
    thread.diff(after, before, []),
  ];
  const answers = await Promise.all(asked);
  assert.deepEqual(
    answers.map(({ isChanged }) => isChanged),
    [true, false, true],
  );
  assert.ok(answers[0]?.moved instanceof Uint8Array);
  assert.ok(before.length > 0 && after.length > 0, 'nothing was taken away');
});

test('what is no picture is refused with the code and the words of the comparison', async () => {
  await using thread = new DiffThread(new FakeClock());
  await assert.rejects(
    thread.diff(Buffer.from('<html>'), Buffer.from('nothing'), []),
    (thrown: unknown) => isCode('picture-invalid')(thrown) && /HTML page/.test(String(thrown)),
  );
  const { isChanged } = await thread.diff(await drawnPage(), await drawnPage({ lines: 2 }), []);
  assert.equal(isChanged, true);
});

test('the thread ends when nothing was asked for a minute, and comes back', async () => {
  const clock = new FakeClock();
  await using thread = new DiffThread(clock);
  const page = await drawnPage();
  assert.equal(thread.isRunning, false);
  await thread.diff(page, page, []);
  await clock.advance(59_000);
  assert.equal(thread.isRunning, true);
  await clock.advance(1000);
  assert.equal(thread.isRunning, false);
  assert.equal((await thread.diff(page, page, [])).isChanged, false);
});

test('a thread that breaks fails its own pair only', async t => {
  const answer = '{ diff: { isChanged: true } }';
  const script = `let jobs = 0; parentPort.on('message', ({ ignore }) => {
    if (ignore.length > 0) throw new Error('out of memory');
    parentPort.postMessage(${answer});
  });`;
  await using thread = new DiffThread(new FakeClock(), await scripted(t, script));
  const one = Buffer.from([1]);
  const box = { left: 0, top: 0, width: 1, height: 1 };
  await assert.rejects(thread.diff(one, one, [box]), isCode('internal'));
  assert.equal((await thread.diff(one, one, [])).isChanged, true);
});

test('a pair that takes longer than a minute is given up', async t => {
  const clock = new FakeClock();
  const script = await scripted(t, "parentPort.on('message', () => undefined);");
  await using thread = new DiffThread(clock, script);
  const asked = thread.diff(Buffer.from([1]), Buffer.from([2]), []);
  const given = assert.rejects(asked, isCode('timed-out'));
  await until('it runs', () => thread.isRunning);
  await clock.advance(60_000);
  await given;
  assert.equal(thread.isRunning, false);
});

test('closing gives up the pair at work and those that wait', async t => {
  const script = await scripted(t, "parentPort.on('message', () => undefined);");
  const thread = new DiffThread(new FakeClock(), script);
  const asked = [1, 2].map(byte => thread.diff(Buffer.from([byte]), Buffer.from([0]), []));
  const given = asked.map(one => assert.rejects(one, isCode('not-ready')));
  await until('it runs', () => thread.isRunning);
  await thread[Symbol.asyncDispose]();
  await Promise.all(given);
});
