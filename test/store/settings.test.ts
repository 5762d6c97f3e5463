import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Bus } from '#server/base/bus.ts';
import { systemClock } from '#server/base/clock.ts';
import { silentLog } from '#server/base/log.ts';
import { createSecretBox } from '#server/base/secret.ts';
import type { Signals } from '#server/model/signals.ts';
import { createGroupBook } from '#server/store/group-book.ts';
import { openSettings } from '#server/store/settings.ts';
import { createSourceBook } from '#server/store/source-book.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { fakeKinds } from '#test/fakes/kinds.ts';

const kinds = fakeKinds();

async function open(folder: string, secretKey = '0123456789abcdef') {
  const bus = new Bus<Signals>((_, __, thrown) => assert.fail(String(thrown)));
  const box = createSecretBox(secretKey);
  const file = join(folder, 'glimpser.json');
  const store = await openSettings({ file, box, kinds, clock: systemClock, bus, log: silentLog });
  return { store, bus, file, sources: createSourceBook(store, kinds), groups: createGroupBook(store) };
}

async function opened(t: TestContext) {
  const folder = await temporaryFolder(t);
  const hub = await open(folder);
  t.after(() => hub.store[Symbol.asyncDispose]());
  return { folder, ...hub };
}

const door = {
  name: 'Door',
  kind: 'cam',
  options: { url: 'rtsp://10.0.0.5/1', username: 'ann', password: 'tulip' },
};
const draft = (over: object) => ({ ...door, ...over }) as never;

test('the first start makes a file with an id of its own', async t => {
  const { store, file } = await opened(t);
  assert.match(store.current.instance, /^[a-z0-9]{8}$/);
  assert.equal(JSON.parse(await readFile(file, 'utf8')).instance, store.current.instance);
});

test('a secret is open in memory and nowhere in clear on disk', async t => {
  const { folder, store, sources } = await opened(t);
  const source = await sources.create(draft({}));
  assert.equal(sources.get(source.id).options['password'], 'tulip');
  await store[Symbol.asyncDispose]();
  for (const name of await readdir(folder, { recursive: true })) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    assert.ok(!text.includes('tulip'), `${name} shows the password`);
  }
  const again = await open(folder);
  assert.equal(again.sources.get(source.id).options['password'], 'tulip');
  await again.store[Symbol.asyncDispose]();
});

test('a masked secret that comes back keeps the stored one; a login in the address moves to its fields', async t => {
  const { sources } = await opened(t);
  const { id } = await sources.create(draft({}));
  const kept = await sources.replace(
    id,
    draft({ name: 'Gate', options: { ...door.options, password: '********' } }),
  );
  assert.deepEqual([kept.id, kept.name, kept.options['password']], [id, 'Gate', 'tulip']);
  const moved = await sources.create(draft({ options: { url: 'rtsp://bob:p%40ss@10.0.0.6/1' } }));
  assert.deepEqual(moved.options, { url: 'rtsp://10.0.0.6/1', username: 'bob', password: 'p@ss' });
  const pasted = await sources.create(draft({ options: { url: 'rtsp://bob:p@ss@10.0.0.6/1' } }));
  assert.deepEqual(pasted.options, moved.options);
});

test('every wrong draft is refused by name and nothing is stored', async t => {
  const { store, sources } = await opened(t);
  const wrong: Array<[object, RegExp]> = [
    [{ kind: 'fax' }, /no source kind “fax”/],
    [{ name: '' }, /name/],
    [{ colour: 'red' }, /colour/],
    [{ schedule: 'sometimes' }, /schedule/],
    [{ options: { url: 'x', lens: 1 } }, /options\.lens/],
    [{ options: { ...door.options, password: 'enc:v1:tulip' } }, /options\.password: begins with enc:v1:/],
    [{ options: { url: 'rtsp://admin:Hunter2/x@10.9.9.9/s' } }, /options\.url: [^H]*%2F[^H]*$/],
    [{ options: { url: 'rtsp://admin:1234/x@10.9.9.9/s' } }, /options\.url: [^x]*%2F/],
  ];
  for (const [over, sentence] of wrong)
    await assert.rejects(sources.create(draft(over)), { message: sentence });
  assert.deepEqual(store.current.sources, []);
});

test('a good hand edit is taken over and told; its open secret is sealed in the file', async t => {
  const { store, bus, file, sources } = await opened(t);
  const { id } = await sources.create(draft({}));
  const told = Promise.withResolvers<string>();
  bus.on('source.changed', 'test', ({ source }) => told.resolve(source.name));
  const edited = JSON.parse(await readFile(file, 'utf8'));
  edited.sources[0].name = 'Back door';
  edited.sources[0].options.password = 'daisy';
  await writeFile(file, JSON.stringify(edited));
  assert.equal(await told.promise, 'Back door');
  assert.equal(sources.get(id).options['password'], 'daisy');
  assert.ok(!(await readFile(file, 'utf8')).includes('daisy'));
  assert.equal(store.current.sources.length, 1);
});

test('a wrong hand edit is refused with key and path; our next write keeps the wrong file aside', async t => {
  const { folder, store, bus, file, sources } = await opened(t);
  await sources.create(draft({}));
  const told = Promise.withResolvers<string>();
  bus.on('settings.refused', 'test', ({ sentences }) => told.resolve(sentences.join()));
  const edited = JSON.parse(await readFile(file, 'utf8'));
  edited.preferences.logLevel = 'loud';
  await writeFile(file, JSON.stringify(edited));
  assert.match(await told.promise, /preferences\.logLevel.*last good settings go on/);
  assert.equal(store.current.preferences.logLevel, 'info');
  await store.update(copy => ({ ...copy, preferences: { ...copy.preferences, isPaused: true } }));
  assert.ok((await readdir(folder)).some(name => name.startsWith('glimpser.json.refused-')));
});

test('a file cut in half at the start: the last good version goes on and it is said', async t => {
  const { folder, store, file, sources } = await opened(t);
  const { id } = await sources.create(draft({}));
  await store[Symbol.asyncDispose]();
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.slice(0, text.length / 2));
  const again = await open(folder);
  assert.equal(again.sources.get(id).name, 'Door');
  assert.match(again.store.notices.join(), /not whole JSON.*kept as/);
  await again.store[Symbol.asyncDispose]();
});

test('without any good version the start stops and says why', async t => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'glimpser.json'), '{"version": 1, "instance": "abc');
  await assert.rejects(open(folder), { code: 'settings-invalid', message: /not whole JSON/ });
  await writeFile(join(folder, 'glimpser.json'), '{"version": 99}');
  await assert.rejects(open(folder), { code: 'settings-invalid', message: /version 99/ });
});

test('the last ten versions are kept, and one can be taken back', async t => {
  const { store, groups } = await opened(t);
  for (let i = 0; i < 12; i++) await groups.create({ id: `g${i}`, name: `Group ${i}` });
  const versions = await store.versions();
  assert.equal(versions.length, 10);
  await store.restore(versions.at(-1)?.id ?? '');
  assert.equal(groups.list().length, 3);
  await assert.rejects(store.restore('../../etc/passwd'), { code: 'not-found' });
});

test('many changes at once lose nothing', async t => {
  const { store, sources } = await opened(t);
  await Promise.all(Array.from({ length: 20 }, (_, i) => sources.create(draft({ name: `Camera ${i}` }))));
  assert.equal(store.current.sources.length, 20);
  const ids = store.current.sources.map(source => source.id);
  await sources.order([ids[3] ?? '', ids[1] ?? '']);
  assert.deepEqual(
    store.current.sources.slice(0, 3).map(source => source.id),
    [ids[3], ids[1], ids[0]],
  );
});

test('a group that is removed is taken from its sources', async t => {
  const { sources, groups } = await opened(t);
  await groups.create({ id: 'yard', name: 'Yard' });
  const { id } = await sources.create(draft({ groups: ['yard'] }));
  await groups.remove('yard');
  assert.deepEqual(sources.get(id).groups, []);
  await assert.rejects(groups.rename('yard', 'x'), { code: 'not-found' });
});

test('a change that is saved stands, also when no copy of it can be kept; that is said until one can', async t => {
  const { folder, store, file, sources } = await opened(t);
  const versions = join(folder, 'settings-versions');
  await rename(versions, `${versions}-away`);
  await writeFile(versions, 'a file in its place');
  await sources.create(draft({}));
  assert.equal(JSON.parse(await readFile(file, 'utf8')).sources.length, 1);
  assert.equal(store.current.sources.length, 1);
  assert.match(store.problems().join(), /settings are saved, but no copy/);
  await rm(versions);
  await sources.create(draft({ name: 'Gate' }));
  assert.deepEqual(store.problems(), []);
});

test('a change that cannot be saved is refused in words, and leaves nothing half done', async t => {
  const { folder, store, file, sources } = await opened(t);
  const before = await readFile(file, 'utf8');
  await mkdir(`${file}.tmp`);
  await assert.rejects(sources.create(draft({})), {
    code: 'disk-failed',
    message: /settings stay as they were/,
  });
  assert.equal(await readFile(file, 'utf8'), before);
  assert.deepEqual(store.current.sources, []);
  await rm(`${file}.tmp`, { recursive: true });
  await sources.create(draft({}));
  assert.ok(!(await readdir(folder)).includes('glimpser.json.tmp'));
});
