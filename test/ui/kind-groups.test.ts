import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { loadKinds } from '#server/base/kinds.ts';
import { createKindCatalog } from '#server/model/kind-catalog.ts';
import type { SourceKind } from '#server/sources/kind.ts';
import { REPOSITORY } from '#test/house/repository.ts';
import { groupKinds } from '#ui/app/pages/kind-groups.ts';
import { kindIcon } from '#ui/widgets/icons.ts';
import type { KindInfo } from '#ui/widgets/shapes.ts';

async function kinds(): Promise<KindInfo[]> {
  return createKindCatalog(await loadKinds<SourceKind>(`${REPOSITORY}/server/sources`)).list();
}

test('cameras and websites stand first as equals, every kind stands once', async () => {
  const all = await kinds();
  const groups = groupKinds(all);
  assert.deepEqual(
    groups[0]?.kinds.map(({ id }) => id),
    ['rtsp', 'onvif', 'website'],
  );
  const shown = groups.flatMap(group => group.kinds.map(({ id }) => id));
  assert.deepEqual(shown.toSorted(), all.map(({ id }) => id).toSorted());
  assert.deepEqual(
    groups.slice(1).map(({ title }) => title),
    ['Cameras', 'Streams & files', 'Others'],
  );
});

test('a kind that nobody placed stands last in the group of its family', () => {
  const kind = (id: string, family: 'camera' | 'website'): KindInfo => ({
    ...{ id, family, title: id, description: '', schedule: '1m', hasVideo: false, options: {} },
  });
  const groups = groupKinds([kind('newcam', 'camera'), kind('usb', 'camera'), kind('newsite', 'website')]);
  assert.deepEqual(
    groups.map(({ title, kinds: inside }) => [title, inside.map(({ id }) => id)]),
    [
      ['Cameras', ['usb', 'newcam']],
      ['Websites & dashboards', ['newsite']],
    ],
  );
});

test('every kind has an icon of its own', async () => {
  const icons = (await kinds()).map(({ id, family }) => kindIcon(id, family));
  assert.equal(new Set(icons).size, icons.length, icons.join(' '));
  const files = (await readdir(`${REPOSITORY}/server/sources`)).filter(name => name.endsWith('.ts'));
  assert.equal(icons.length, files.length - 1);
});
