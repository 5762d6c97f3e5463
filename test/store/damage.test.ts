import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, open, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { Audit } from '#server/store/audit.ts';
import { openDatabase } from '#server/store/database.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { until } from '#test/fakes/until.ts';

const PAGE_BYTES = 4096;

/** A history with a long audit, of which pages in the middle are overwritten: nothing that a start reads. */
async function damagedHistory(t: TestContext): Promise<string> {
  const file = join(await temporaryFolder(t), 'history.db');
  {
    await using opened = await openDatabase(file, systemClock);
    const audit = new Audit(opened.db);
    const line = { who: 'ann', action: 'look', target: 'hub', detail: 'x'.repeat(900) };
    for (let i = 0; i < 300; i++) await audit.append(line, i);
  }
  assert.deepEqual(await readdir(join(file, '..')), ['history.db'], 'a clean stop leaves no log');
  const pages = Math.floor((await stat(file)).size / PAGE_BYTES);
  const handle = await open(file, 'r+');
  await handle.write(Buffer.alloc(20 * PAGE_BYTES, 0xff), 0, 20 * PAGE_BYTES, (pages - 30) * PAGE_BYTES);
  await handle.close();
  return file;
}

const readAll = (audit: Audit) => audit.list({ limit: 500 });

test('damage that comes to light is said, marked, and put aside at the next start', async t => {
  const file = await damagedHistory(t);
  {
    await using opened = await openDatabase(file, systemClock);
    assert.deepEqual([opened.notices, opened.problems()], [[], []], 'a clean stop is not doubted');
    const audit = new Audit(opened.db);
    await assert.rejects(readAll(audit), { code: 'database-failed', message: /damaged.*restart the hub/ });
    await assert.rejects(readAll(audit), { code: 'database-failed' });
    assert.match(opened.problems().join(), /damaged/);
    await until('the mark', () => existsSync(`${file}.doubtful`));
  }
  await using again = await openDatabase(file, systemClock);
  assert.match(again.notices.join(), /was damaged.*put aside/);
  assert.deepEqual([again.problems(), (await readAll(new Audit(again.db))).items], [[], []]);
  assert.ok(!existsSync(`${file}.doubtful`));
});

test('after a crash the history is checked', async t => {
  const file = await damagedHistory(t);
  await writeFile(`${file}-wal`, '');
  await using opened = await openDatabase(file, systemClock);
  assert.match(opened.notices.join(), /was damaged.*put aside/);
});

test('a whole history that a crash left goes on with all that was written', async t => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'history.db');
  await using running = await openDatabase(file, systemClock);
  await new Audit(running.db).append({ who: 'ann', action: 'look', target: 'hub', detail: '' }, 1);
  const copy = join(folder, 'copy.db');
  for (const ending of ['', '-wal']) await copyFile(file + ending, copy + ending);
  await using opened = await openDatabase(copy, systemClock);
  assert.deepEqual(opened.notices, []);
  assert.equal((await readAll(new Audit(opened.db))).items.length, 1);
});

test('a history knows when it began', async t => {
  const file = join(await temporaryFolder(t), 'history.db');
  const began: string[] = [];
  for (let start = 0; start < 2; start++) {
    await using opened = await openDatabase(file, systemClock);
    began.push(opened.beganAt);
  }
  assert.match(began[0] ?? '', /^\d{4}-\d\d-\d\dT/);
  assert.equal(began[0], began[1]);
});

test('trouble of the disk or another program is told as such, our own mistakes are not', async t => {
  const file = join(await temporaryFolder(t), 'history.db');
  await using opened = await openDatabase(file, systemClock);
  const audit = new Audit(opened.db);
  const line = { who: 'ann', action: 'look', target: 'hub', detail: '' };
  await opened.db.executeQuery({ sql: 'PRAGMA query_only = 1', parameters: [] } as never);
  await assert.rejects(audit.append(line, 1), {
    code: 'database-failed',
    message: /read-only.*Make it writable/,
  });
  await opened.db.executeQuery({ sql: 'PRAGMA query_only = 0', parameters: [] } as never);
  await assert.rejects(audit.append({ ...line, who: null } as never, 1), { name: 'Error' });
  assert.deepEqual(opened.problems(), []);
});

test('a history that another program holds is said, left alone, and opened once it is free', async t => {
  const file = join(await temporaryFolder(t), 'history.db');
  await (await openDatabase(file, systemClock))[Symbol.asyncDispose]();
  const other = new DatabaseSync(file);
  other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  await assert.rejects(openDatabase(file, systemClock, 50), {
    code: 'database-failed',
    message: /Another program holds the history.*Close that program/,
  });
  other.close();
  await using opened = await openDatabase(file, systemClock);
  assert.deepEqual(opened.notices, []);
});
