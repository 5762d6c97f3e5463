import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { browserMissing, findBrowser, isHeadlessShell } from '#server/base/browser-find.ts';

test('prefers the headless shell, wherever it lies in the path', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'find-browser-'));
  t.after(() => rm(folder, { recursive: true }));
  const program = async (name: string, mode = 0o755) => {
    await writeFile(join(folder, name), '#!/bin/sh\n');
    await chmod(join(folder, name), mode);
    return join(folder, name);
  };
  const searchPath = `/nowhere:relative:${folder}`;
  assert.equal(findBrowser(undefined, searchPath), undefined);
  const chrome = await program('google-chrome-stable');
  assert.equal(findBrowser(undefined, searchPath), chrome);
  const chromium = await program('chromium');
  assert.equal(findBrowser(undefined, searchPath), chromium);
  const shell = await program('chromium-headless-shell');
  assert.equal(findBrowser(undefined, searchPath), shell);
  assert.equal(findBrowser(chrome, searchPath), chrome);
  assert.equal(findBrowser(join(folder, 'gone'), searchPath), undefined);
  assert.equal(findBrowser(folder, searchPath), undefined);
  assert.deepEqual([isHeadlessShell(shell), isHeadlessShell(chromium)], [true, false]);
});

test('says what to install, and which setting is wrong', () => {
  const missing = browserMissing(undefined);
  assert.equal(missing.code, 'browser-missing');
  assert.match(missing.message, /none was found.*apt-get install chromium-headless-shell/);
  assert.match(browserMissing('/opt/gone').message, /\/opt\/gone.*CHROMIUM_PATH/);
});
