import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findFfmpeg } from '#server/base/ffmpeg.ts';
import { canDrawText } from '#server/base/ffmpeg-probe.ts';

const folder = await mkdtemp(join(tmpdir(), 'glimpser-ffmpeg-'));
after(() => rm(folder, { recursive: true }));

/** A program that stands in for FFmpeg. */
async function programOf(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

test('FFmpeg is found in PATH, with its version', async () => {
  const ffmpeg = await findFfmpeg();
  assert.match(ffmpeg.path ?? '', /\/ffmpeg$/);
  assert.match(ffmpeg.version ?? '', /^\d+\.\d+|^N-/);
});

test('a given path counts more than PATH', async () => {
  const path = await programOf('mine', 'echo "ffmpeg version 9.1-mine Copyright"');
  const ffmpeg = await findFfmpeg(path);
  assert.deepEqual([ffmpeg.path, ffmpeg.version], [path, '9.1-mine']);
});

test('without FFmpeg a sentence says how to install it, or which path is wrong', async () => {
  const missing = await findFfmpeg(undefined, folder);
  assert.equal(missing.path, undefined);
  assert.throws(() => missing.start([]), { code: 'ffmpeg-missing', message: /apt-get install ffmpeg/ });
  const wrong = await findFfmpeg('/nowhere/ffmpeg');
  assert.throws(() => wrong.start([]), {
    code: 'ffmpeg-missing',
    message: /\/nowhere\/ffmpeg \(FFMPEG_PATH\)/,
  });
  assert.equal((await findFfmpeg(folder)).path, undefined, 'a folder is no program');
  assert.equal(await canDrawText(missing), false);
});

test('a program that does not tell its version is used all the same', async () => {
  const path = await programOf('broken', 'exit 1');
  const ffmpeg = await findFfmpeg(path);
  assert.deepEqual([ffmpeg.path, ffmpeg.version], [path, undefined]);
});

test('whether text can be drawn is asked once', async () => {
  const path = await programOf('counting', `echo x >> ${folder}/asked; exit 0`);
  const ffmpeg = await findFfmpeg(path);
  await rm(join(folder, 'asked'));
  assert.deepEqual(await Promise.all([canDrawText(ffmpeg), canDrawText(ffmpeg)]), [true, true]);
  assert.equal(await readFile(join(folder, 'asked'), 'utf8'), 'x\n');
  const poor = await findFfmpeg(await programOf('poor', 'exit 1'));
  assert.equal(await canDrawText(poor), false);
});
