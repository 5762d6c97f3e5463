/** How the set-up runs other programs: quietly with an excerpt, or in its own place with signals and exit code. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { excerpt, runQuietly } from '#server/setup/run.mjs';

const node = process.execPath;

/** Starts a program that becomes `node -e script`, as `npm start` does on an older Node. */
function startFront(script: string) {
  const front = `
    const { become } = await import(process.argv[1]);
    await become(process.execPath, ['-e', process.argv[2]], process.cwd());`;
  const module = import.meta.resolve('#server/setup/run.mjs');
  return spawn(node, ['--input-type=module', '-e', front, module, script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('a quiet program keeps its output for the case that it fails', async () => {
  const failed = await runQuietly(node, ['-e', 'console.log("a"); console.error("b"); process.exit(3)']);
  assert.equal(failed.isOk, false);
  assert.deepEqual(failed.tail.split('\n').toSorted(), ['a', 'b']);
  assert.equal((await runQuietly(node, ['-e', ''])).isOk, true);
});

test('a program that does not exist is a failure with a reason', async () => {
  const { isOk, tail } = await runQuietly('no-such-program-here', [], { cwd: tmpdir() });
  assert.equal(isOk, false);
  assert.match(tail, /ENOENT/);
});

test('a long output is shown by its beginning and its end', () => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
  const shown = excerpt(lines.join('\n')).split('\n');
  assert.equal(shown.length, 25);
  assert.equal(shown[0], 'line 0');
  assert.equal(shown[12], '…');
  assert.equal(shown.at(-1), 'line 99');
  assert.equal(excerpt('one\ntwo\n'), 'one\ntwo');
});

test('the exit code of the program in front becomes ours', async () => {
  const [code] = await once(startFront('process.exitCode = 7'), 'exit');
  assert.equal(code, 7);
});

test('signals reach the program in front, and its orderly end is ours', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const child = startFront(
      `process.on('${signal}', () => process.exit(5)); setInterval(String, 1000); console.log('ready')`,
    );
    await once(child.stdout, 'data');
    child.kill(signal);
    assert.deepEqual(await once(child, 'exit'), [5, null]);
  }
});

test('a program in front that a signal ended ends us by the same signal', async () => {
  const [code, signal] = await once(
    startFront(`process.kill(process.pid, 'SIGTERM'); setInterval(String, 1000)`),
    'exit',
  );
  assert.deepEqual([code, signal], [null, 'SIGTERM']);
});
