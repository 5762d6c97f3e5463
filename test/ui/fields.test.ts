import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadKinds } from '#server/base/kinds.ts';
import { createKindCatalog } from '#server/model/kind-catalog.ts';
import type { SourceKind } from '#server/sources/kind.ts';
import { REPOSITORY } from '#test/house/repository.ts';
import { sourceTicks } from '#ui/app/forms/source-ticks.ts';

interface Fields {
  fieldsOf(schema: object): Array<{ name: string; label: string; help: string; type: string }>;
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

test('on a wall may hang what is there and is no wall; what is gone can only be taken off', () => {
  const kinds = [
    { id: 'rtsp', options: { properties: { url: {} } } },
    { id: 'wall', options: { properties: { sources: { picks: 'sources' } } } },
  ];
  const source = (id: string, kind = 'rtsp') => ({ id, name: id.toUpperCase(), kind });
  const sources = [source('door'), source('yard'), source('hall', 'wall')];
  assert.deepEqual(
    sourceTicks(['yard', 'gone', 'door'], sources, kinds).map(({ name, place }) => [name, place]),
    [
      ['DOOR', 3],
      ['YARD', 1],
      ['gone (not there any more)', 2],
    ],
  );
  assert.deepEqual(
    sourceTicks([''], sources, kinds).map(({ id, place }) => [id, place]),
    [
      ['door', undefined],
      ['yard', undefined],
    ],
  );
});

test('the lists that kinds are picked from have fields of their own, which send what was chosen', async () => {
  const catalog = createKindCatalog(await loadKinds<SourceKind>(`${REPOSITORY}/server/sources`));
  const typesOf = (kind: string) =>
    Object.fromEntries(fieldsOf(catalog.find(kind)?.options ?? {}).map(({ name, type }) => [name, type]));
  assert.equal(typesOf('wall')['sources'], 'sources');
  assert.equal(typesOf('usb')['device'], 'device');
});
