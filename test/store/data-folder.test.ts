/** The data folder while the hub runs: gone, back, back on another disk, and an old copy that lies where the disk belongs. */
import assert from 'node:assert/strict';
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DataFolder } from '#server/store/data-folder.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { until } from '#test/fakes/until.ts';
import { listLog } from '#test/fakes/watch-bench.ts';

async function setUp(t: TestContext) {
  const root = await temporaryFolder(t);
  const [folder, away] = [join(root, 'data'), join(root, 'away')];
  await mkdir(folder);
  await writeFile(join(folder, 'glimpser.json'), '{"instance":"ours"}');
  const clock = new FakeClock();
  const logged: string[] = [];
  let restarts = 0;
  const watched = await DataFolder.open({
    ...{ folder, clock, log: listLog(logged), instance: () => 'ours' },
    restart: () => restarts++,
  });
  t.after(async () => watched[Symbol.dispose]());
  /** Lets it look once; looking takes real files and therefore real time. */
  const look = async () => {
    await clock.advance(5000);
    await until('it has looked', () => clock.waiting === 1 || restarts > 0);
  };
  return { folder, away, watched, look, logged, restarts: () => restarts };
}

test('a folder that went is said, nothing is written in its place, and it goes on when it is back', async t => {
  const { folder, away, watched, look, logged, restarts } = await setUp(t);
  await watched.checkSame();
  await rename(folder, away);
  await mkdir(folder);
  await assert.rejects(watched.checkSame(), { code: 'disk-failed', message: /is gone: .*Put it back/ });
  await assert.rejects(watched.checkRoom(), { code: 'disk-failed' });
  for (let i = 0; i < 3; i++) await look();
  assert.match(watched.problem ?? '', /is gone/);
  await rm(folder, { recursive: true });
  await rename(away, folder);
  await look();
  assert.equal(watched.problem, undefined);
  assert.equal(logged.length, 2, 'its loss and its return, once each');
  assert.equal(restarts(), 0);
});

test('a folder that comes back on another disk starts the hub again; somebody else’s folder does not', async t => {
  const { folder, away, look, restarts } = await setUp(t);
  await rename(folder, away);
  await look();
  await mkdir(folder);
  await writeFile(join(folder, 'glimpser.json'), '{"instance":"theirs"}');
  await look();
  assert.equal(restarts(), 0);
  await rm(folder, { recursive: true });
  await cp(away, folder, { recursive: true });
  await look();
  assert.equal(restarts(), 1);
});

test('an old copy that came to light when the disk went is not taken for its return', async t => {
  const { folder, away, look, restarts, watched } = await setUp(t);
  await cp(folder, `${folder}-old`, { recursive: true });
  await rename(folder, away);
  await rename(`${folder}-old`, folder);
  for (let i = 0; i < 3; i++) await look();
  assert.equal(restarts(), 0);
  assert.match(watched.problem ?? '', /is gone/);
});
