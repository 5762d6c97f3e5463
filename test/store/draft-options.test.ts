/** Logins in addresses move to fields of their own, whichever address they were pasted with. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKindCatalog } from '#server/model/kind-catalog.ts';
import { sourceDraftSchema } from '#server/model/source.ts';
import type { SourceKind } from '#server/sources/kind.ts';
import rtsp from '#server/sources/rtsp.ts';
import { givenOptions } from '#server/store/draft-options.ts';

const kinds = createKindCatalog(new Map([['rtsp', rtsp as unknown as SourceKind]]));

const given = (options: Record<string, unknown>) =>
  givenOptions(sourceDraftSchema.parse({ name: 'Door', kind: 'rtsp', options }), undefined, kinds);

test('a login leaves both addresses of a camera', () => {
  const bare = { url: 'rtsp://10.0.0.6/1', subUrl: 'rtsp://10.0.0.6/2' };
  const login = { username: 'bob', password: 'p@ss' };
  const both = { url: 'rtsp://bob:p%40ss@10.0.0.6/1', subUrl: 'rtsp://bob:p%40ss@10.0.0.6/2' };
  assert.deepEqual(given(both), { ...bare, ...login });
  assert.deepEqual(given({ ...bare, subUrl: both.subUrl, username: '' }), { ...bare, ...login });
  assert.deepEqual(given({ ...both, username: 'ann', password: 'x' }), {
    ...bare,
    ...{ username: 'ann', password: 'x' },
  });
  assert.deepEqual(given(bare), bare);
});
