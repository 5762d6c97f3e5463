/** Two set-ups in one checkout do not work at the same time, and a dead one holds nobody up. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { withLock } from '#server/setup/lock.mjs';

let folder = '';
let lock = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glimpser-lock-'));
  lock = join(folder, 'setup.lock');
});
afterEach(() => rm(folder, { recursive: true }));

async function leaveLock(pid: string): Promise<void> {
  await mkdir(lock);
  await writeFile(join(lock, 'pid'), pid);
}

test('the lock is held during the work and gone after it, also when the work fails', async () => {
  assert.equal(await withLock(lock, async () => existsSync(lock)), true);
  assert.ok(!existsSync(lock));
  await assert.rejects(
    withLock(lock, () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.ok(!existsSync(lock));
});

test('the lock of a dead process, of our own id and of long ago are taken over', async () => {
  await leaveLock('4000001');
  await withLock(lock, async () => undefined, { isAlive: () => false });
  await leaveLock(String(process.pid));
  await withLock(lock, async () => undefined, { isAlive: () => true });
  await leaveLock('4000001');
  await utimes(lock, 1, 1);
  await withLock(lock, async () => undefined, { isAlive: () => true });
  await mkdir(lock);
  await utimes(lock, new Date(Date.now() - 10_000), new Date(Date.now() - 10_000));
  await withLock(lock, async () => undefined);
});

test('a living holder is waited for, and that is said once', async () => {
  await leaveLock('4000001');
  const said: string[] = [];
  let looks = 0;
  const isAlive = () => ++looks < 4;
  await withLock(lock, async () => undefined, { isAlive, say: line => said.push(line), waitMs: 1 });
  assert.deepEqual(said, ['Another set-up is at work here (process 4000001); waiting for it.']);
});

test('several processes at once work one after the other', async () => {
  const log = join(folder, 'log');
  await writeFile(log, '');
  const script = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as wait } from 'node:timers/promises';
    const { withLock } = await import(process.argv[1]);
    await withLock(process.argv[2], async () => {
      appendFileSync(process.argv[3], 'in ');
      await wait(20);
      appendFileSync(process.argv[3], 'out ');
    }, { waitMs: 5 });`;
  const module = import.meta.resolve('#server/setup/lock.mjs');
  const children = [1, 2, 3, 4].map(() =>
    spawn(process.execPath, ['--input-type=module', '-e', script, module, lock, log], { stdio: 'inherit' }),
  );
  const codes = await Promise.all(children.map(async child => (await once(child, 'exit'))[0]));
  assert.deepEqual(codes, [0, 0, 0, 0]);
  assert.equal(await readFile(log, 'utf8'), 'in out '.repeat(4));
});
