/** How a command of package.json ends: with a sentence when it stops, and together with the npm that started it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

const module = import.meta.resolve('#server/setup/say.mjs');
const start = `const { runCommand, SetupStop } = await import(process.env.SAY_MODULE);`;

function env(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { npm_lifecycle_event: _, ...rest } = process.env;
  return { ...rest, SAY_MODULE: module, ...more };
}

async function outputOf(stream: NodeJS.ReadableStream): Promise<string> {
  const parts: string[] = [];
  for await (const part of stream) parts.push(String(part));
  return parts.join('');
}

function runScript(script: string) {
  return spawn(process.execPath, ['--input-type=module', '-e', start + script], {
    env: env(),
    stdio: ['ignore', 'inherit', 'pipe'],
  });
}

test('a stop is a sentence after what the failed program said, and exit code 1', async () => {
  const child = runScript(
    `await runCommand(async () => { throw new SetupStop('It failed; do this.', 'last words'); })`,
  );
  const [output, [code]] = await Promise.all([outputOf(child.stderr), once(child, 'exit')]);
  assert.equal(output, 'last words\nIt failed; do this.\n');
  assert.equal(code, 1);
});

test('any other error is not hidden', async () => {
  const child = runScript(`await runCommand(async () => { throw new TypeError('a mistake of ours'); })`);
  const [output, [code]] = await Promise.all([outputOf(child.stderr), once(child, 'exit')]);
  assert.match(output, /TypeError: a mistake of ours\n\s+at /);
  assert.equal(code, 1);
});

test('when the shell of npm is ended, the command ends in order', {
  skip: process.platform === 'win32',
}, async () => {
  const script = `${start}
    process.on('SIGTERM', () => { console.log('stopped in order'); process.exit(0); });
    await runCommand(async () => { setInterval(String, 1000); console.log('ready'); });`;
  const shell = spawn('sh', ['-c', '"$0" --input-type=module -e "$1"; exit 0', process.execPath, script], {
    env: env({ npm_lifecycle_event: 'start' }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const ended = once(shell.stdout, 'end');
  for await (const part of shell.stdout) {
    output += String(part);
    if (output === 'ready\n') shell.kill('SIGTERM');
  }
  await ended;
  assert.equal(output, 'ready\nstopped in order\n');
});
