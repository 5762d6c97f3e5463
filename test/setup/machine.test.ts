/** How programs are found on the machine. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { findBrowser } from '#server/base/browser-find.ts';
import { findProgram, thisMachine } from '#server/setup/machine.mjs';
import { HUB_NEEDS } from '#server/setup/programs.mjs';

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

test('what the set-up takes for a browser, the hub finds', async () => {
  const browser = HUB_NEEDS.find(need => need.id === 'browser');
  assert.ok(browser?.programs?.length);
  for (const name of browser.programs) {
    const folder = await mkdtemp(join(root, 'browser-'));
    await writeFile(join(folder, name), '', { mode: 0o755 });
    assert.equal(findBrowser(undefined, folder), join(folder, name));
  }
});

test('the script by which Ubuntu points to its snap is not a browser', async () => {
  const script = join(one, 'chromium-browser');
  await writeFile(script, '#!/bin/sh\nexec /snap/bin/chromium "$@"\n', { mode: 0o755 });
  assert.equal(
    findProgram(['chromium-browser'], one, 'linux'),
    existsSync('/snap/bin/chromium') ? script : undefined,
  );
  await writeFile(script, '#!/bin/sh\nexec /usr/lib/chromium/chromium "$@"\n', { mode: 0o755 });
  assert.equal(findProgram(['chromium-browser'], one, 'linux'), script);
});

test('paths in .env count, and the environment goes first', async () => {
  await writeFile(join(root, '.env'), 'FFMPEG_PATH=/opt/ffmpeg\nPATH=/nowhere\n');
  const { env } = thisMachine(root);
  assert.equal(env['FFMPEG_PATH'], process.env['FFMPEG_PATH'] ?? '/opt/ffmpeg');
  assert.equal(env['PATH'], process.env['PATH']);
});
