import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { type Child, type ChildOptions, startChild } from '#server/base/child.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { until } from '#test/fakes/until.ts';

/** A shell script as a child, and its lines as they come. */
function startShell(script: string, options: ChildOptions = {}) {
  const heard = Promise.withResolvers<string>();
  const child = startChild('/bin/sh', ['-c', script], {
    ...options,
    onLine(line) {
      options.onLine?.(line);
      heard.resolve(line);
    },
  });
  child.stdout.resume();
  return { child, firstLine: heard.promise };
}

/** True when a process has ended; who reaps it is not always ours to say. */
function isGone(pid: number): boolean {
  try {
    return /^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

async function untilGone(pid: number): Promise<void> {
  for (let i = 0; i < 500 && !isGone(pid); i++) await new Promise(resolve => setTimeout(resolve, 10));
  assert.ok(isGone(pid), `process ${pid} is still there`);
}

async function untilFrozen(pid: number): Promise<void> {
  await until('the child is frozen', () => /^\d+ \(.*\) T/.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
}

test('the end is told with its code and the last lines, credentials redacted', async () => {
  const script =
    'for i in $(seq 150); do echo "line $i" >&2; done; echo "rtsp://ann:tulip@cam/x" >&2; exit 3';
  const { child } = startShell(script);
  assert.deepEqual(await child.exited, { code: 3, signal: null, wasStopped: false });
  assert.equal(child.lastLines.length, 100);
  assert.equal(child.lastLines[0], 'line 52');
  assert.equal(child.lastLines.at(-1), 'rtsp://***@cam/x');
  assert.throws(() => readFileSync(`/proc/${child.pid}/stat`), 'it was not reaped');
});

test('a child that is stopped ends by SIGTERM, and whatever its code, that is no failure', async () => {
  const { child, firstLine } = startShell(
    'trap "exit 255" TERM; echo ready >&2; while :; do sleep 0.05; done',
  );
  await firstLine;
  await child.stop();
  assert.deepEqual(await child.exited, { code: 255, signal: null, wasStopped: true });
});

test('a child that ignores SIGTERM gets SIGKILL after 5 s', async () => {
  const clock = new FakeClock();
  const { child, firstLine } = startShell('trap "" TERM; echo ready >&2; while :; do sleep 0.05; done', {
    clock,
  });
  await firstLine;
  const stopping = child.stop();
  await clock.advance(4999);
  assert.ok(child.pid && !isGone(child.pid), 'it still has time');
  await clock.advance(1);
  await stopping;
  assert.equal((await child.exited).signal, 'SIGKILL');
});

test('a child that is frozen is ended, too', async () => {
  const clock = new FakeClock();
  const { child, firstLine } = startShell('echo ready >&2; kill -STOP $$', { clock });
  await firstLine;
  await untilFrozen(child.pid ?? 0);
  const stopping = child.stop();
  await clock.advance(5000);
  await stopping;
  assert.equal((await child.exited).signal, 'SIGKILL');
});

for (const [how, script] of [
  ['is stopped', 'sleep 1000 & echo $! >&2; wait'],
  ['ends by itself', 'sleep 1000 & echo $! >&2; exit 0'],
] as const) {
  test(`what a child started ends with it when it ${how}`, async () => {
    const { child, firstLine } = startShell(script);
    const grandchild = Number(await firstLine);
    if (how === 'is stopped') await child.stop();
    await child.exited;
    await untilGone(grandchild);
  });
}

test('a grandchild that left the group cannot hold the end back', async () => {
  const clock = new FakeClock();
  const { child, firstLine } = startShell('setsid sleep 1000 & echo $! >&2; sleep 0.2', { clock });
  const runaway = Number(await firstLine);
  try {
    let hasEnded = false;
    const ended = child.exited.then(() => {
      hasEnded = true;
    });
    // Until the end of the child is seen, there is nothing on the clock to wait for.
    while (!hasEnded) {
      await new Promise(resolve => setTimeout(resolve, 10));
      await clock.advance(1000);
    }
    await ended;
  } finally {
    if (!isGone(runaway)) process.kill(runaway, 'SIGKILL');
  }
});

test('the signal ends a child, also when it fired before', async () => {
  const abort = new AbortController();
  const { child, firstLine } = startShell('echo ready >&2; sleep 1000', { signal: abort.signal });
  await firstLine;
  abort.abort();
  assert.equal((await child.exited).wasStopped, true);
  const { child: late } = startShell('sleep 1000', { signal: abort.signal });
  assert.equal((await late.exited).wasStopped, true);
});

test('leaving the block ends the child', async () => {
  let left: Child;
  {
    await using child = startShell('sleep 1000').child;
    left = child;
  }
  assert.ok(isGone(left.pid ?? 0));
});

test('a child that ended by itself stays so when it is stopped afterwards', async () => {
  const { child } = startShell('exit 7');
  await child.exited;
  await child.stop();
  assert.deepEqual(await child.exited, { code: 7, signal: null, wasStopped: false });
});

test('what cannot be started is said in a sentence', async () => {
  const child = startChild('/nowhere/program', []);
  const sentence = { code: 'program-failed', message: /\/nowhere\/program could not be started/ };
  await assert.rejects(child.exited, sentence);
  await child.stop();
  assert.throws(() => startChild('/bin/echo', ['a\0b']), { code: 'program-failed' });
});

test('extra pipes carry bytes from file descriptor 3 on', async () => {
  const { child } = startShell('printf three >&3; printf four >&4', { extraPipes: 2 });
  const texts = child.pipes.map(async pipe => Buffer.concat(await Array.fromAsync(pipe)).toString());
  assert.deepEqual(await Promise.all(texts), ['three', 'four']);
});

test('a child sees PATH and what it is given, and none of the secrets of the hub', async () => {
  process.env['GLIMPSER_TEST_SECRET_KEY'] = 'tulip';
  try {
    const child = startChild('/usr/bin/env', [], { env: { COLOUR: 'teal' } });
    const text = Buffer.concat(await Array.fromAsync(child.stdout)).toString();
    assert.match(text, /^PATH=/m);
    assert.match(text, /^COLOUR=teal$/m);
    assert.doesNotMatch(text, /tulip/);
  } finally {
    delete process.env['GLIMPSER_TEST_SECRET_KEY'];
  }
});

test('children end with a hub that ends in a hurry', async () => {
  const program = `
    const { startChild } = await import(${JSON.stringify(import.meta.resolve('#server/base/child.ts'))});
    console.log(startChild('/bin/sleep', ['1000']).pid);
    process.exit(1);`;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  const { stdout } = await run.catch(thrown => thrown as { stdout: string });
  assert.match(stdout, /^\d+\n$/);
  await untilGone(Number(stdout));
});

test('nothing is left to wait for once a child has ended', async () => {
  const clock = new FakeClock();
  const abort = new AbortController();
  const { child } = startShell('exit 0', { clock, signal: abort.signal });
  await child.exited;
  await settle();
  assert.equal(clock.waiting, 0);
});
