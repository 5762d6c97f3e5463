import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadKinds } from '#server/base/kinds.ts';
import { createKindCatalog } from '#server/model/kind-catalog.ts';
import type { SourceKind } from '#server/sources/kind.ts';
import { REPOSITORY } from '#test/house/repository.ts';

interface Fields {
  fieldsOf(schema: object): Array<{ name: string; label: string; help: string }>;
}
const { fieldsOf } = (await import(`${REPOSITORY}/ui/app/forms/fields.ts`)) as Fields;

test('the fields of a form are called as their schema says', () => {
  const properties = {
    zoom: { type: 'number', title: 'How near', description: 'Times' },
    panSpeed: { type: 'number' },
  };
  const named = fieldsOf({ properties }).map(({ name, label, help }) => [name, label, help]);
  assert.deepEqual(named, [
    ['zoom', 'How near', 'Times'],
    ['panSpeed', 'Pan speed', ''],
  ]);
});

test('every kind brings the labels of its form along', async () => {
  const catalog = createKindCatalog(await loadKinds<SourceKind>(`${REPOSITORY}/server/sources`));
  for (const { id, options } of catalog.list()) {
    const properties = options['properties'] as Record<string, { title?: string }>;
    for (const { name, label } of fieldsOf(options))
      assert.equal(label, properties[name]?.title, `${id}: ${name}`);
  }
});
