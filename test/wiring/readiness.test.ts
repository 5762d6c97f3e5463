/** Readiness: not ready while it starts and stops, and when what must be written cannot be. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { checkWritable } from '#server/base/disk-failure.ts';
import { createSecretBox } from '#server/base/secret.ts';
import { openHistory } from '#server/wiring/history.ts';
import { Readiness, type ReadinessParts } from '#server/wiring/readiness.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';

async function setUp(t: TestContext, more: Partial<ReadinessParts> = {}) {
  const folder = await temporaryFolder(t);
  const history = await openHistory(':memory:', createSecretBox('a secret of the test'), new FakeClock());
  t.after(() => history[Symbol.asyncDispose]());
  const mqtt = { status: 'offline' as const, reason: 'Away.', broker: null, isBuiltIn: false, since: '' };
  const readiness = new Readiness({
    history,
    checkFolder: () => checkWritable(folder, 'nothing is kept'),
    keepProblems: () => [],
    hub: () => ({ mqtt, sourcesOnline: 2, sourcesFailed: 1 }),
    safeMode: () => null,
    programs: () => ({ ffmpeg: '/usr/bin/ffmpeg', browser: undefined }),
    ...more,
  });
  /** Parts that are not ready, with the reason. */
  const lacking = async () => {
    const parts = await readiness.read();
    return Object.fromEntries(
      parts.filter(({ isReady }) => !isReady).map(({ part, reason }) => [part, reason]),
    );
  };
  return { readiness, lacking, folder, history };
}

test('a hub is ready from the end of its start to the beginning of its stop', async t => {
  const { readiness, lacking } = await setUp(t);
  assert.deepEqual(Object.keys(await lacking()), ['sources']);
  readiness.started();
  assert.deepEqual(await lacking(), {});
  readiness[Symbol.dispose]();
  assert.deepEqual(Object.keys(await lacking()), ['stages', 'sources']);
});

test('what is missing but not needed is a reason, no more', async t => {
  const { readiness } = await setUp(t);
  readiness.started();
  const parts = await readiness.read();
  const reasonOf = (name: string) => parts.find(({ part }) => part === name)?.reason;
  assert.equal(reasonOf('mqtt'), 'offline: Away.');
  assert.match(reasonOf('browser') ?? '', /Missing: websites/);
  assert.equal(reasonOf('ffmpeg'), '/usr/bin/ffmpeg');
  assert.equal(reasonOf('sources'), '2 online, 1 failed');
  assert.ok(parts.every(({ isReady }) => isReady));
});

test('a history that does not answer, a folder that is gone and a full disk make it not ready', async t => {
  const problem = 'The disk is full. Free some space.';
  const { readiness, lacking, folder, history } = await setUp(t, { keepProblems: () => [problem] });
  readiness.started();
  assert.deepEqual(await lacking(), { captures: problem });
  await history[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
  const { history: answer, settings } = await lacking();
  assert.ok(answer);
  assert.match(settings ?? '', /cannot be written \(ENOENT\)/);
});
