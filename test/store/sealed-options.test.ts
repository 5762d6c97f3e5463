import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Bus } from '#server/base/bus.ts';
import { systemClock } from '#server/base/clock.ts';
import { silentLog } from '#server/base/log.ts';
import { createSecretBox } from '#server/base/secret.ts';
import type { Signals } from '#server/model/signals.ts';
import { openDatabase } from '#server/store/database.ts';
import { HubValues } from '#server/store/hub-values.ts';
import { openSettings } from '#server/store/settings.ts';
import { createSourceBook } from '#server/store/source-book.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { fakeKinds } from '#test/fakes/kinds.ts';

const OLD = '0123456789abcdef';
const OTHER = 'fedcba9876543210';
const kinds = fakeKinds();
const draft = (over: object) => ({ name: 'Door', kind: 'cam', options: over }) as never;
const door = { url: 'rtsp://10.0.0.5/1', username: 'ann', password: 'tulip' };

/** Opens the settings, does something, closes them; answers what the file holds then. */
async function withHub<T>(
  folder: string,
  key: string,
  act: (hub: Awaited<ReturnType<typeof open>>) => Promise<T>,
): Promise<T> {
  const hub = await open(folder, key);
  await using _store = hub.store;
  return await act(hub);
}

async function open(folder: string, key: string) {
  const bus = new Bus<Signals>((_, __, thrown) => assert.fail(String(thrown)));
  const file = join(folder, 'glimpser.json');
  const box = createSecretBox(key);
  const store = await openSettings({ file, box, kinds, clock: systemClock, bus, log: silentLog });
  return { store, file, sources: createSourceBook(store, kinds) };
}

async function twoCameras(t: TestContext): Promise<{ folder: string; ids: string[] }> {
  const folder = await temporaryFolder(t);
  const ids = await withHub(folder, OLD, async ({ sources }) => [
    (await sources.create(draft(door))).id,
    (await sources.create(draft({ ...door, password: 'daisy' }))).id,
  ]);
  return { folder, ids };
}

test('under another key the hub starts, says what to enter again, and loses nothing', async t => {
  const { folder, ids } = await twoCameras(t);
  const [first = '', second = ''] = ids;
  await withHub(folder, OTHER, async ({ store, sources }) => {
    assert.deepEqual(store.notices, []);
    assert.equal(sources.get(first).options['password'], '');
    assert.match(store.problems().join(), /SECRET_KEY.*password of Door, password of Door.*Enter it again/);
    // Any other change, also one that leaves the password out, writes the whole file.
    await sources.replace(second, draft({ url: 'rtsp://10.0.0.6/1', username: 'bob' }));
    await sources.replace(first, draft({ ...door, password: 'rose' }));
    assert.equal(
      store
        .problems()
        .join()
        .match(/password of/g)?.length,
      1,
    );
  });
  await withHub(folder, OLD, async ({ store, sources }) => {
    assert.equal(sources.get(second).options['password'], 'daisy');
    assert.match(store.problems().join(), /password of Door/);
  });
  await withHub(folder, OTHER, async ({ sources }) =>
    assert.equal(sources.get(first).options['password'], 'rose'),
  );
});

test('one damaged seal blanks one option', async t => {
  const { folder, ids } = await twoCameras(t);
  const file = join(folder, 'glimpser.json');
  const settings = JSON.parse(await readFile(file, 'utf8'));
  settings.sources[0].options.password = 'enc:v1:tulip';
  await writeFile(file, JSON.stringify(settings));
  await withHub(folder, OLD, async ({ store, sources }) => {
    assert.deepEqual(
      ids.map(id => sources.get(id).options['password']),
      ['', 'daisy'],
    );
    assert.equal(store.problems().length, 1);
  });
});

test('a secret of the greatest length comes back, though its seal is longer', async t => {
  const folder = await temporaryFolder(t);
  const password = 'x'.repeat(200);
  const { id } = await withHub(folder, OLD, ({ sources }) => sources.create(draft({ ...door, password })));
  await withHub(folder, OLD, async ({ store, sources }) => {
    assert.equal(sources.get(id).options['password'], password);
    assert.deepEqual(store.notices, []);
  });
});

test('a value of the hub that another key sealed is found again with that key', async () => {
  await using history = await openDatabase(':memory:', systemClock);
  const under = (key: string) => new HubValues(history.db, createSecretBox(key));
  await under(OLD).set('broker', 'tulip');
  await assert.rejects(under(OTHER).get('broker'), { code: 'secret-unreadable' });
  await under(OTHER).set('broker', 'daisy');
  assert.equal(await under(OTHER).get('broker'), 'daisy');
  assert.equal(await under(OLD).get('broker'), 'tulip');
});
