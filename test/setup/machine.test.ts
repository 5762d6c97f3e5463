/** How programs are found on the machine. */
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { findProgram, thisMachine } from '#server/setup/machine.mjs';

const root = await mkdtemp(join(tmpdir(), 'glimpser-machine-'));
after(() => rm(root, { recursive: true }));
const [one, two] = [join(root, 'one'), join(root, 'two')];
for (const folder of [one, two]) await mkdir(folder);
await writeFile(join(one, 'tool-a'), '');
await writeFile(join(two, 'tool-b'), '');
await chmod(join(two, 'tool-b'), 0o755);
await mkdir(join(one, 'tool-b'));
const path = [one, '', two].join(delimiter);

test('the first of several names that is an executable file is found', () => {
  assert.equal(findProgram(['tool-a', 'tool-b'], path, 'linux'), join(two, 'tool-b'));
  assert.equal(findProgram([join(two, 'tool-b')], '', 'linux'), join(two, 'tool-b'));
});

test('a file that may not be run, a folder and a missing name are not programs', () => {
  assert.equal(findProgram(['tool-a'], path, 'linux'), undefined);
  assert.equal(findProgram(['tool-b'], one, 'linux'), undefined);
  assert.equal(findProgram(['tool-c'], path, 'linux'), undefined);
});

test('paths in .env count, and the environment goes first', async () => {
  await writeFile(join(root, '.env'), 'FFMPEG_PATH=/opt/ffmpeg\nPATH=/nowhere\n');
  const { env } = thisMachine(root);
  assert.equal(env['FFMPEG_PATH'], process.env['FFMPEG_PATH'] ?? '/opt/ffmpeg');
  assert.equal(env['PATH'], process.env['PATH']);
});
