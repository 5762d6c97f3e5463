import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadKinds } from '#server/base/kinds.ts';

test('a folder is read: the file is the id, the default export the kind, the contract is left out', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'kinds-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'b-two.ts'), 'export default { title: "Two" };');
  await writeFile(join(folder, 'a-one.ts'), 'export default { title: "One" };');
  await writeFile(join(folder, 'kind.ts'), 'export const contract = true;');
  const kinds = await loadKinds<{ title: string }>(folder);
  assert.deepEqual([...kinds.keys()], ['a-one', 'b-two']);
  assert.equal(kinds.get('b-two')?.title, 'Two');
});

test('a file without a default export is named', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'kinds-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'broken.ts'), 'export const a = 1;');
  await assert.rejects(loadKinds(folder), /broken\.ts has no default export/);
});
