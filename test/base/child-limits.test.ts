/** Limits for child processes, held by the programs of the system. */
import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { startChild } from '#server/base/child.ts';
import { limited } from '#server/base/child-limits.ts';
import { systemClock } from '#server/base/clock.ts';
import { findFfmpeg } from '#server/base/ffmpeg.ts';
import { ffmpegPictures } from '#server/base/ffmpeg-pictures.ts';
import { firstOf } from '#test/fakes/source-context.ts';

const SHELL = { file: '/bin/sh', args: ['-c', 'true'] };

test('a child that eats memory is refused it and ends; the others go on', async () => {
  const eat = 'head -c 300000000 /dev/zero | tail -c 300000000 > /dev/null';
  const hungry = startChild('/bin/sh', ['-c', eat], { memoryMiB: 50 });
  const modest = startChild('/bin/sh', ['-c', eat], { memoryMiB: 1000 });
  hungry.stdout.resume();
  modest.stdout.resume();
  assert.notEqual((await hungry.exited).code, 0);
  assert.match(hungry.lastLines.join('\n'), /memory exhausted/);
  assert.equal((await modest.exited).code, 0);
});

test('a child stands back as far as it is told, and keeps its own pid', async () => {
  const child = startChild('/bin/sh', ['-c', 'echo $$; nice'], { nice: 7, memoryMiB: 500 });
  assert.deepEqual((await text(child.stdout)).split('\n'), [`${child.pid}`, '7', '']);
});

test('where the programs are missing, a child is started without its limits', () => {
  assert.deepEqual(limited(SHELL, { memoryMiB: 50, nice: 5 }, '/nowhere'), SHELL);
});

test('what cannot be started is named itself, not its limit', async () => {
  const child = startChild('/nowhere/program', [], { memoryMiB: 50, nice: 5 });
  await assert.rejects(child.exited, { message: /^\/nowhere\/program could not be started/ });
});

test('without limits nothing stands before the program', () => {
  assert.deepEqual(limited(SHELL, {}), SHELL);
  assert.deepEqual(limited(SHELL, { memoryMiB: 0, nice: 0 }), SHELL);
});

test('FFmpeg that gets no more memory is said in words', async () => {
  const ffmpeg = await findFfmpeg();
  const tight: typeof ffmpeg = {
    ...ffmpeg,
    start: (args, options) => ffmpeg.start(args, { ...options, memoryMiB: 120 }),
  };
  const run = {
    args: [
      ...['-nostdin', '-loglevel', 'level+warning', '-f', 'lavfi', '-i', 'testsrc2=size=8000x4000:rate=5'],
      ...['-c:v', 'mjpeg', '-threads', '1', '-f', 'mpjpeg', 'pipe:3'],
    ],
    ...{ name: 'Yard', signal: new AbortController().signal, clock: systemClock, isSingle: false },
    note: () => undefined,
    dropped: () => undefined,
  };
  await assert.rejects(firstOf(ffmpegPictures(tight, run), 1), {
    code: 'program-failed',
    message: /^Yard.*memory/,
  });
});
