import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { lockFolder } from '#server/base/lock.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';

const HOLD = `import { lockFolder } from '#server/base/lock.ts';
await lockFolder(process.argv.at(-1));
process.stdout.write('held');
setInterval(() => undefined, 1000);`;

test('a second hub is told who holds the folder; kill -9 frees it', async t => {
  const folder = await temporaryFolder(t);
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', HOLD, folder], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  t.after(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  await assert.rejects(lockFolder(folder), {
    code: 'data-folder-busy',
    message: new RegExp(`process ${child.pid}`),
  });
  child.kill('SIGKILL');
  await ended;
  await (await lockFolder(folder))[Symbol.asyncDispose]();
  await (await lockFolder(folder))[Symbol.asyncDispose]();
});
