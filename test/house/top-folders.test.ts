/** Law: every top folder says what it is for, what it may import and how to add to it. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { REPOSITORY, trackedFiles } from '#test/house/repository.ts';

const NOT_OURS = new Set(['node_modules', 'data']);

test('every top folder has a README that names its purpose, its imports and how to add to it', async () => {
  const entries = await readdir(REPOSITORY, { withFileTypes: true });
  const tracked = await trackedFiles();
  const folders = entries
    .filter(entry => entry.isDirectory() && !entry.name.startsWith('.') && !NOT_OURS.has(entry.name))
    .map(entry => entry.name)
    .filter(name => tracked.some(file => file.startsWith(`${name}/`)) && name !== 'translations');
  assert.ok(folders.includes('server'));
  for (const folder of folders) {
    const text = await readFile(`${REPOSITORY}/${folder}/README.md`, 'utf8').catch(() => '');
    assert.ok(text.length > 200, `${folder}/README.md is missing or says too little`);
    assert.match(text, /import/i, `${folder}/README.md does not say what the folder may import`);
    assert.match(text, /\badd/i, `${folder}/README.md does not say how to add to it`);
  }
});

test('config.yaml at the root is the only file of that name: the Supervisor reads every one as an app', async () => {
  const tracked = await trackedFiles();
  const configs = tracked.filter(file => /(^|\/)config\.(ya?ml|json)$/.test(file));
  assert.deepEqual(configs, ['config.yaml']);
});
