/** Disks that get full, run out of files, turn read-only, are pulled out or slow: live pictures go on, nothing is lost, all heals. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { silentLog } from '#server/base/log.ts';
import type { Capture } from '#server/model/capture.ts';
import type { Source } from '#server/model/source.ts';
import type { SourceState } from '#server/model/state.ts';
import { createKeep } from '#server/stages/keep/keep.ts';
import { ask } from '#test/fakes/ask.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { ADMIN, openWorld } from '#test/fakes/http-services.ts';
import { until } from '#test/fakes/until.ts';
import { aSource, watchBench } from '#test/fakes/watch-bench.ts';
import { jpegOf } from '#test/peers/http-camera.ts';
import { type HubProcess, startHubInVain, startHubProcess } from '#test/peers/hub-process.ts';
import { startMjpegCamera } from '#test/peers/mjpeg-camera.ts';
import { mountSmallDisk, type SmallDisk } from '#test/peers/small-disk.ts';

interface Fault {
  name: string;
  inject(disk: SmallDisk): Promise<void>;
  /** Takes what the hub itself gave back since, such as a picture that did not fit. */
  keepUp?(disk: SmallDisk): Promise<void>;
  undo(disk: SmallDisk): Promise<void>;
  says: RegExp;
}

const FAULTS: Fault[] = [
  {
    name: 'a full disk',
    inject: disk => disk.fill(),
    keepUp: disk => disk.fill(),
    undo: disk => disk.free(),
    says: /The disk is full: .*Free space where/,
  },
  {
    name: 'no inodes',
    inject: disk => disk.useUpFiles(),
    keepUp: disk => disk.useUpFiles(),
    undo: disk => disk.free(),
    says: /as many files as it can .*Remove files where/,
  },
  {
    name: 'a read-only disk',
    inject: disk => disk.makeReadOnly(),
    undo: disk => disk.makeWritable(),
    says: /read-only: .*mount it writable/,
  },
  {
    name: 'a disk that is pulled out',
    inject: disk => disk.unplug(),
    undo: disk => disk.plug(),
    says: /is gone: .*Put it back/,
  },
];

/** A camera whose pictures all differ, so that each is worth keeping. */
async function startCamera() {
  const shades = Array.from({ length: 250 }, (_, red) => jpegOf(64, 48, `rgb(${red}, 100, 50)`));
  return startMjpegCamera({ everyMs: 100, pictures: await Promise.all(shades) });
}

/** A hub that keeps a picture a second of one camera. */
async function startKeeping(folder: string, cameraUrl: string) {
  const hub = await startHubProcess({ folder });
  await hub.api('PATCH', 'api/settings', { network: { allowLoopback: true } });
  const draft = {
    name: 'Yard',
    kind: 'mjpeg',
    options: { url: cameraUrl },
    keep: { every: '200ms', newest: 100 },
  };
  const { id } = await hub.api<Source>('POST', 'api/sources', draft);
  const newest = async () => {
    const { items } = await hub.api<{ items: Capture[] }>('GET', `api/captures?source=${id}`);
    return items[0]?.id;
  };
  const state = () => hub.api<SourceState>('GET', `api/sources/${id}/state`);
  const more = (what: string, read: () => Promise<string | number | undefined>) => async () => {
    const before = await read();
    await until(what, async () => (await read()) !== before);
  };
  return {
    hub,
    id,
    newest,
    pictures: more('live pictures go on', async () => (await state()).frames),
    captures: more('pictures are kept', newest),
    isLive: async () => (await state()).status === 'ok',
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}

async function problems(hub: HubProcess): Promise<string> {
  return (await hub.api<{ problems: string[] }>('GET', 'api/info')).problems.join('\n');
}

async function unready(hub: HubProcess): Promise<string[]> {
  const { parts } = (await (await fetch(new URL('readyz', hub.url))).json()) as {
    parts: Array<{ part: string; isReady: boolean }>;
  };
  return parts.filter(({ isReady }) => !isReady).map(({ part }) => part);
}

// Each has a disk and a hub of its own, and most of it is waiting.
describe('real disks', { concurrency: true }, () => {
  test('whatever happens to the disk, live pictures go on, settings stay whole, and keeping goes on afterwards', async t => {
    const disk = await mountSmallDisk(t);
    if (!disk) return;
    await using camera = await startCamera();
    await using kept = await startKeeping(disk.folder, camera.url);
    const { hub } = kept;
    const wellBefore = await problems(hub);
    const nameOnDisk = async () =>
      JSON.parse(await readFile(join(disk.store, 'glimpser.json'), 'utf8')).preferences.name;
    for (const { name, inject, keepUp, undo, says } of FAULTS) {
      await kept.captures();
      await hub.api('PATCH', 'api/settings', { name: `before ${name}` });
      await inject(disk);
      await until(`${name} is said`, async () => says.test(await problems(hub)));
      await until(
        `${name} makes the hub not ready`,
        async () => `${await unready(hub)}` === 'settings,captures',
      );
      await keepUp?.(disk);
      const last = await kept.newest();
      await kept.pictures();
      await assert.rejects(hub.api('PATCH', 'api/settings', { name: 'lost' }), error => {
        assert.match(String(error), /507/);
        return says.test(String(error));
      });
      assert.equal((await hub.api<{ name: string }>('GET', 'api/settings')).name, `before ${name}`);
      assert.equal(await nameOnDisk(), `before ${name}`);
      assert.ok(await kept.isLive(), name);
      assert.equal(await kept.newest(), last, `nothing is kept during ${name}`);
      await undo(disk);
      await kept.captures();
      await hub.api('PATCH', 'api/settings', { name: `after ${name}` });
      assert.equal(await nameOnDisk(), `after ${name}`);
    }
    await until('all is well again', async () => (await problems(hub)) === wellBefore);
    assert.equal(await hub.end(), 0);
    await using again = await startHubProcess({ folder: disk.folder });
    assert.equal(await problems(again), wellBefore, 'nothing was damaged');
    assert.match((await again.api<{ name: string }>('GET', 'api/settings')).name, /^after/);
  });

  test('pictures leave room for settings and logins: what a full disk needs can still be done', async t => {
    const disk = await mountSmallDisk(t);
    if (!disk) return;
    await using camera = await startCamera();
    await using kept = await startKeeping(disk.folder, camera.url);
    const { hub, id } = kept;
    const account = { name: 'Ada', password: 'a long password for tests' };
    await hub.api('POST', 'api/users', { ...account, role: 'admin' });
    await kept.captures();
    await disk.fill(4);
    await until('the pause is said', async () => /settings and history have room/.test(await problems(hub)));
    assert.deepEqual(await unready(hub), ['captures']);
    await hub.api('POST', 'api/auth/login', account);
    const source = await hub.api<Source>('GET', `api/sources/${id}`);
    const { id: _, ...draft } = source;
    await hub.api('PUT', `api/sources/${id}`, { ...draft, keep: { every: '1s', newest: 1 } });
    await until('fewer are kept', async () => {
      const { items } = await hub.api<{ items: Capture[] }>('GET', `api/captures?source=${id}`);
      return items.length === 1;
    });
    await disk.free();
    await kept.captures();
  });

  test('a start on a disk that takes nothing stops with a sentence, and works once there is room', async t => {
    const disk = await mountSmallDisk(t);
    if (!disk) return;
    for (const { inject, undo, says, name } of FAULTS.slice(0, 3)) {
      await inject(disk);
      const { code, said } = await startHubInVain({ folder: disk.folder });
      assert.equal(code, 1, name);
      assert.match(said, says);
      assert.match(said, /Glimpser cannot start/);
      await undo(disk);
    }
    await using hub = await startHubProcess({ folder: disk.folder });
    assert.deepEqual(await unready(hub), []);
  });
});

test('a slow disk: pictures to keep wait or are left out, in words; those who look notice nothing', async t => {
  const b = watchBench();
  await using watch = b.watch;
  const source = aSource({ keep: { every: '1s', newest: 10 } });
  const gate = Promise.withResolvers<void>();
  await using keep = createKeep({
    ...{ bus: b.bus, clock: b.clock, log: silentLog, folder: await temporaryFolder(t) },
    store: { add: async () => undefined, totals: async () => ({ bytes: 0 }) },
    find: () => source,
    latest: id => watch.latest(id),
    write: () => gate.promise,
  });
  watch.start(source);
  let seen = 0;
  using _viewer = watch.listen(source.id, () => seen++, { isViewer: true });
  await b.clock.advance(0);
  for (let second = 0; second < 30; second++) {
    b.runs.at(-1)?.send({ image: Buffer.from(`picture ${second}`) });
    await b.clock.advance(1000);
  }
  assert.equal(seen, 30);
  assert.match(keep.problems().join(), /too slow.*live pictures go on.*faster disk/);
  gate.resolve();
  await keep.settled();
  assert.deepEqual(keep.problems(), []);
});

test('a disk that takes nothing new shuts nobody out who is logged in', async t => {
  const { world, history, url } = await openWorld(t);
  const body = { name: 'Ada', password: 'a long password for tests' };
  await ask(`${url}/api/users`, {
    method: 'POST',
    headers: ADMIN,
    body: { ...body, role: 'admin' },
  });
  const login = await ask(`${url}/api/auth/login`, { method: 'POST', body });
  const { token } = login.json as { token: string };
  const full = async () => {
    throw new Error('database or disk is full');
  };
  Object.assign(history.sessions, { touch: full });
  await world.clock.advance(600_000);
  const answer = await ask(`${url}/api/info`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 200);
});
