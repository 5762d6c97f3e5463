/** When the web app is built, and when not. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { buildUi, isUiBuilt } from '#server/setup/ui.mjs';
import { fakeRun } from '#test/setup/fake-machine.ts';

let root = '';
const put = async (path: string, text: string) => {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), text);
};
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'glimpser-ui-'));
  await put('package-lock.json', '{}');
  await put('ui/app/shell.ts', 'one');
});
afterEach(() => rm(root, { recursive: true }));

async function build(): Promise<string[]> {
  const { run, lines } = fakeRun();
  await put('ui/dist/index.html', '<!doctype html>');
  await buildUi(root, '/node24', run, () => undefined);
  return lines;
}

test('the app is built with the right Node and then left alone', async () => {
  assert.ok(!isUiBuilt(root));
  const [line] = await build();
  assert.equal(line, `/node24 ${join(root, 'node_modules/vite/bin/vite.js')} build --logLevel warn`);
  assert.ok(isUiBuilt(root));
});

test('a changed, new or removed source, changed packages and a missing page call for a build', async () => {
  await build();
  await put('ui/app/shell.ts', 'two');
  assert.ok(!isUiBuilt(root), 'changed');
  await build();
  await put('ui/app/new.ts', '');
  assert.ok(!isUiBuilt(root), 'new');
  await rm(join(root, 'ui/app/new.ts'));
  assert.ok(isUiBuilt(root), 'as before');
  await put('package-lock.json', '{"packages":{}}');
  assert.ok(!isUiBuilt(root), 'packages');
  await build();
  await rm(join(root, 'ui/dist/index.html'));
  assert.ok(!isUiBuilt(root), 'page');
});

test('texts about the app, and its output, do not count', async () => {
  await build();
  await put('ui/README.md', 'words');
  await put('ui/dist/extra.js', '');
  assert.ok(isUiBuilt(root));
});

test('a build that fails is said in a sentence and tried again next time', async () => {
  const said: string[] = [];
  await buildUi(root, '/node24', fakeRun(() => 'shell.ts: oh').run, line => said.push(line));
  assert.match(
    said.join('\n'),
    /shell\.ts: oh\nThe web app could not be built: .* the API, MQTT and the streams work/,
  );
  assert.ok(!isUiBuilt(root));
});
