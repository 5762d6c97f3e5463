import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Bus } from '#server/base/bus.ts';
import { systemClock } from '#server/base/clock.ts';
import { silentLog } from '#server/base/log.ts';
import { createSecretBox } from '#server/base/secret.ts';
import type { Signals } from '#server/model/signals.ts';
import { openSettings } from '#server/store/settings.ts';
import {
  loadSettingsMigrations,
  migrateSettings,
  type SettingsMigration,
} from '#server/store/settings-check.ts';
import { createSourceBook } from '#server/store/source-book.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { fakeKinds } from '#test/fakes/kinds.ts';
import { until } from '#test/fakes/until.ts';

const kinds = fakeKinds();
const door = { name: 'Door', kind: 'cam', options: { url: 'rtsp://10.0.0.5/1' } } as never;

async function start(folder: string) {
  const bus = new Bus<Signals>((_, __, thrown) => assert.fail(String(thrown)));
  const box = createSecretBox('0123456789abcdef');
  const file = join(folder, 'glimpser.json');
  const store = await openSettings({ file, box, kinds, clock: systemClock, bus, log: silentLog });
  const stop = () => store[Symbol.asyncDispose]();
  return { store, bus, file, stop, sources: createSourceBook(store, kinds) };
}

/** A folder in which a hub has run and made one source. */
async function usedFolder(t: TestContext) {
  const folder = await temporaryFolder(t);
  const hub = await start(folder);
  const { id } = await hub.sources.create(door);
  await hub.stop();
  return { folder, file: hub.file, id };
}

const isThere = (file: string) =>
  readFile(file).then(
    () => true,
    () => false,
  );

test('a start tells whether its settings are those of the file', async t => {
  const { folder, file } = await usedFolder(t);
  const normal = await start(folder);
  assert.deepEqual([normal.store.isFromFile, normal.store.notices], [true, []]);
  await normal.stop();
  await writeFile(file, '{');
  const fallen = await start(folder);
  assert.equal(fallen.store.isFromFile, false);
  await fallen.stop();
  const first = await start(await temporaryFolder(t));
  assert.deepEqual([first.store.isFromFile, first.store.notices], [false, []]);
  await first.stop();
});

test('without the file the newest version goes on, is written again, and it is said', async t => {
  const { folder, file, id } = await usedFolder(t);
  await rm(file);
  const hub = await start(folder);
  assert.equal(hub.sources.get(id).name, 'Door');
  assert.match(hub.store.notices.join(), /was missing.*goes on/);
  assert.equal(hub.store.isFromFile, false);
  assert.ok(await isThere(file));
  await hub.stop();
});

test('without the file and with damaged versions only, the start stops instead of beginning anew', async t => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'settings-versions'));
  await writeFile(join(folder, 'settings-versions', '2026-01-01T00-00-00-000Z-000001.json'), '{');
  await assert.rejects(start(folder), { code: 'settings-invalid', message: /missing.*settings-versions/ });
  assert.deepEqual(await readdir(folder), ['settings-versions']);
});

test('the newest version is the one written last, also after the clock was set back', async t => {
  const { folder, file } = await usedFolder(t);
  const text = JSON.parse(await readFile(file, 'utf8'));
  text.preferences.name = 'Latest';
  const name = '1970-01-01T00-00-00-000Z-000099.json';
  await writeFile(join(folder, 'settings-versions', name), JSON.stringify(text));
  await rm(file);
  const hub = await start(folder);
  assert.equal(hub.store.current.preferences.name, 'Latest');
  await hub.stop();
});

test('a file that is deleted after a wrong edit is written again, and later changes are taken', async t => {
  const { folder, file } = await usedFolder(t);
  const hub = await start(folder);
  t.after(hub.stop);
  const told: number[] = [];
  hub.bus.on('settings.refused', 'test', ({ sentences }) => void told.push(sentences.length));
  const isRefused = () => told.at(-1) === 1;
  await writeFile(file, '{');
  await until('the edit is refused', isRefused);
  await rm(file);
  await hub.sources.create(door);
  assert.ok(await isThere(file));
  await writeFile(file, '{');
  await until('the second edit is refused', isRefused);
  await rm(file);
  await until('the file is written again', () => isThere(file));
  assert.equal(told.at(-1), 0);
  await hub.sources.create(door);
  assert.equal(JSON.parse(await readFile(file, 'utf8')).sources.length, 3);
});

test('a wrong edit that is taken back leaves nothing to complain about', async t => {
  const { folder, file } = await usedFolder(t);
  const hub = await start(folder);
  t.after(hub.stop);
  const told: string[][] = [];
  hub.bus.on('settings.refused', 'test', ({ sentences }) => void told.push(sentences));
  const good = await readFile(file, 'utf8');
  await writeFile(file, '{');
  await until('the edit is refused', () => told.length === 1);
  await writeFile(file, good);
  await until('the refusal is taken back', () => told.length === 2);
  assert.deepEqual(told[1], []);
  await hub.sources.create(door);
  assert.ok(!(await readdir(folder)).some(name => name.includes('refused')));
});

test('a removal that was asked for is final; one by a hand edit or an older version may be a mistake', async t => {
  const { folder, file, id } = await usedFolder(t);
  const hub = await start(folder);
  t.after(hub.stop);
  const told: Array<boolean | undefined> = [];
  hub.bus.on('source.removed', 'test', ({ mayReturn }) => void told.push(mayReturn));
  const [withDoor, without] = await hub.store.versions();
  await hub.store.restore(without?.id ?? '');
  await hub.store.restore(withDoor?.id ?? '');
  const edited = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...edited, sources: [] }));
  await until('the edit is taken over', () => told.length === 2);
  await hub.store.restore(withDoor?.id ?? '');
  await hub.sources.remove(id);
  assert.deepEqual(told, [true, true, false]);
});

test('a wrong change is refused with its fields, and nothing is written', async t => {
  const { folder, file } = await usedFolder(t);
  const hub = await start(folder);
  t.after(hub.stop);
  const before = await readFile(file, 'utf8');
  const change = hub.store.update(copy => ({ ...copy, instance: '?' }));
  await assert.rejects(change, (thrown: { code?: string; errors?: Array<{ path: string }> }) => {
    assert.equal(thrown.code, 'settings-invalid');
    assert.deepEqual(
      thrown.errors?.map(error => error.path),
      ['instance'],
    );
    return true;
  });
  assert.equal(await readFile(file, 'utf8'), before);
});

test('settings are taken up step by step; a step that is missing is refused, not skipped', () => {
  const steps = new Map<number, SettingsMigration>([
    [2, old => ({ ...old, colour: old['color'] })],
    [3, old => ({ ...old, shade: `${old['colour']} 3` })],
  ]);
  const old = { version: 1, color: 'red' };
  assert.deepEqual(migrateSettings(old, 'f', steps, 3), {
    ...old,
    version: 3,
    colour: 'red',
    shade: 'red 3',
  });
  assert.deepEqual(migrateSettings({ version: 3 }, 'f', steps, 3), { version: 3 });
  steps.delete(2);
  const refusal = { code: 'settings-invalid', message: /version 1.*no step to version 2/ };
  assert.throws(() => migrateSettings(old, 'f', steps, 3), refusal);
  assert.throws(() => migrateSettings({ version: 4 }, 'f', steps, 3), { message: /version 4/ });
});

test('steps are read from their folder by number; a folder that cannot be read is no empty one', async t => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, '0002.ts'), 'export default (old: object) => ({ ...old, isTwo: true });');
  const steps = await loadSettingsMigrations(folder);
  assert.deepEqual(steps.get(2)?.({}), { isTwo: true });
  assert.equal((await loadSettingsMigrations(join(folder, 'none'))).size, 0);
  await assert.rejects(loadSettingsMigrations(join(folder, '0002.ts')), { code: 'ENOTDIR' });
});

test('a group that a source names is made, by a draft and by a hand edit; known ones keep their names', async t => {
  const { folder, file } = await usedFolder(t);
  const hub = await start(folder);
  await hub.store.update(copy => ({ ...copy, groups: [{ id: 'yard', name: 'The yard' }] }));
  const { id } = await hub.sources.create({ ...(door as object), groups: ['yard', 'front'] } as never);
  const known = [
    { id: 'yard', name: 'The yard' },
    { id: 'front', name: 'front' },
  ];
  assert.deepEqual(hub.store.current.groups, known);
  await hub.sources.replace(id, { ...(door as object), groups: ['back'] } as never);
  assert.equal(hub.store.current.groups.length, 3);
  await hub.stop();
  const edited = JSON.parse(await readFile(file, 'utf8'));
  edited.sources[0].groups = ['roof'];
  await writeFile(file, JSON.stringify(edited));
  const again = await start(folder);
  t.after(again.stop);
  assert.ok(again.store.current.groups.some(group => group.id === 'roof'));
});
