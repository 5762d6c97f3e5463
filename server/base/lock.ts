/** One hub per data folder: a kernel lock on a small file, which ends with the process, also after kill -9. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { GlimpserError, sentenceOf } from './errors.ts';

/** Locks a folder until the answer is disposed. Throws `data-folder-busy` with the process that holds it. */
export async function lockFolder(folder: string): Promise<AsyncDisposable> {
  const pidFile = join(folder, 'hub.pid');
  const lock = takeLock(join(folder, 'hub.lock'));
  if (!lock) {
    const pid = (await readFile(pidFile, 'utf8').catch(() => '')).trim();
    throw new GlimpserError(
      'data-folder-busy',
      `Another hub${pid ? ` (process ${pid})` : ''} uses the data folder ${folder}. Stop it, or set GLIMPSER_DATA to another folder.`,
    );
  }
  await writeFile(pidFile, `${process.pid}\n`);
  return { [Symbol.asyncDispose]: async () => lock.close() };
}

/** SQLite holds an exclusive lock of the operating system while a transaction is open. */
function takeLock(file: string): DatabaseSync | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    return database;
  } catch (thrown) {
    database.close();
    if (/locked|busy/i.test(sentenceOf(thrown))) return undefined;
    throw thrown;
  }
}
