/** Law: a plug point's file has a default export, describes itself and every option, marks secrets, and has a test. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { z } from 'zod';
import { loadKinds } from '#server/base/kinds.ts';
import type { EntityKind } from '#server/entities/kind.ts';
import { createKindCatalog } from '#server/model/kind-catalog.ts';
import { preferencesSchema } from '#server/model/settings.ts';
import type { SourceKind } from '#server/sources/kind.ts';
import { REPOSITORY, trackedFiles } from '#test/house/repository.ts';

const SECRET_NAME = /password|secret|token|apikey|api_key/i;

test('every source kind describes itself and its options, and has a test of its own', async () => {
  const kinds = await loadKinds<SourceKind>(`${REPOSITORY}/server/sources`);
  assert.ok(kinds.size >= 4);
  const catalog = createKindCatalog(kinds);
  const tracked = await trackedFiles();
  for (const [id, kind] of kinds) {
    assert.ok(kind.title && kind.description, `${id}: title or description is missing`);
    assert.ok(['camera', 'website'].includes(kind.family), id);
    assert.equal(typeof kind.frames, 'function', id);
    const options: Described = catalog.find(id)?.options ?? {};
    for (const [name, option] of leavesOf(options)) {
      assert.ok(option.title, `${id}: option ${name} has no title`);
      assert.ok(option.description, `${id}: option ${name} has no description`);
      const isSecret = catalog.secretsOf(id).includes(name);
      if (SECRET_NAME.test(name)) assert.ok(isSecret, `${id}: option ${name} must be marked as secret`);
    }
    assert.ok(isStrict(kind.options), `${id}: options must be a strictObject`);
    assert.ok(tracked.includes(`test/sources/${id}.test.ts`), `${id}: test/sources/${id}.test.ts is missing`);
  }
});

test('every preference has a title and a description', () => {
  const { $defs } = z.toJSONSchema(preferencesSchema, { io: 'input' });
  const leaves = leavesOf(($defs?.['Preferences'] ?? {}) as Described);
  assert.ok(leaves.length >= 8);
  for (const [name, { title, description }] of leaves)
    assert.ok(title && description, `${name}: title or description is missing`);
});

interface Described {
  title?: string;
  description?: string;
  properties?: Record<string, Described>;
}

/** What people fill in: every property that has none of its own, by its path. */
function leavesOf(schema: Described, path = ''): Array<[path: string, leaf: Described]> {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
    inner.properties ? leavesOf(inner, `${path}${name}.`) : [[`${path}${name}`, inner]],
  );
}

function isStrict(options: z.ZodObject): boolean {
  return (
    options.safeParse({ thisKeyIsNotKnown: 1 }).error?.issues.some(i => i.code === 'unrecognized_keys') ??
    false
  );
}

test('every entity describes itself and is named in a test', async () => {
  const tracked = await trackedFiles();
  const files = tracked.filter(file => /^server\/entities\/.+\.ts$/.test(file) && !file.endsWith('/kind.ts'));
  assert.ok(files.length >= 20);
  const tests = tracked.filter(file => /^test\/entities\/.*\.test\.ts$/.test(file));
  const text = (await Promise.all(tests.map(file => readFile(`${REPOSITORY}/${file}`, 'utf8')))).join('\n');
  for (const file of files) {
    const { default: kind } = (await import(`${REPOSITORY}/${file}`)) as { default: EntityKind };
    assert.ok(kind.description, `${file}: description is missing`);
    assert.equal(typeof kind.read, 'function', file);
    const id = file.replace(/^.*\//, '').replace(/\.ts$/, '');
    assert.ok(new RegExp(`\\b${id}\\b`).test(text), `${file}: no test names “${id}”`);
  }
});
