import assert from 'node:assert/strict';
import { access, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { type Capture, captureFile } from '#server/model/capture.ts';
import { createForget, type ForgetParts, type ForgetStore } from '#server/stages/forget/forget.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { aSource, listLog, payloads, recordingBus } from '#test/fakes/watch-bench.ts';

/** Rows in memory with the questions of forgetting. */
class MemoryCaptures implements ForgetStore {
  rows: Capture[] = [];
  batches: number[] = [];

  async beyondNewest(sourceId: string, keep: number, limit: number): Promise<Capture[]> {
    const mine = this.rows.filter(row => row.sourceId === sourceId && !row.isStarred);
    return mine.slice(0, Math.max(0, mine.length - keep)).slice(0, limit);
  }

  async someOf(sourceId: string, limit: number): Promise<Capture[]> {
    return this.rows.filter(row => row.sourceId === sourceId).slice(0, limit);
  }

  async remove(ids: readonly string[]): Promise<void> {
    this.batches.push(ids.length);
    this.rows = this.rows.filter(row => !ids.includes(row.id));
  }

  async known(ids: readonly string[]): Promise<Set<string>> {
    return new Set(this.rows.map(row => row.id).filter(id => ids.includes(id)));
  }

  async sourceIds(): Promise<string[]> {
    return [...new Set(this.rows.map(row => row.sourceId))];
  }
}

let counter = 0;
function capture(over: Partial<Capture> = {}): Capture {
  counter++;
  const at = new Date(Date.UTC(2025, 11, 1) + counter * 3_600_000).toISOString();
  const id = `capture${String(counter).padStart(6, '0')}`;
  const same = { reason: 'schedule', type: 'image/jpeg', width: 1, height: 1, bytes: 1 } as const;
  return { id, sourceId: 'door1234', at, isStarred: false, ...same, ...over };
}

async function place() {
  const folder = await mkdtemp(join(tmpdir(), 'glimpser-forget-'));
  const store = new MemoryCaptures();
  return {
    folder,
    store,
    async put(...captures: Capture[]) {
      for (const one of captures) {
        store.rows.push(one);
        await mkdir(dirname(join(folder, captureFile(one))), { recursive: true });
        await writeFile(join(folder, captureFile(one)), 'x');
      }
    },
    async files(): Promise<string[]> {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter(entry => !entry.isDirectory()).map(entry => entry.name);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

function start({ folder, store }: Awaited<ReturnType<typeof place>>, over: Partial<ForgetParts> = {}) {
  const { bus, told } = recordingBus();
  const sources = [aSource({ keep: { every: '1m', newest: 3 } })];
  const gone: string[] = [];
  const logged: string[] = [];
  const forget = createForget({
    bus,
    clock: new FakeClock(),
    log: listLog(logged),
    store,
    folder,
    removeOf: async id => void gone.push(id),
    find: id => sources.find(source => source.id === id),
    sources: () => sources,
    areSettingsSure: true,
    noteMissing: async (ids, ranMs) => new Map(ids.map(id => [id, ranMs])),
    historyFrom: '',
    isWriting: () => false,
    ...over,
  });
  return { bus, told, sources, forget, gone, logged };
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

test('after each capture the oldest beyond the newest go, starred ones stay, empty days go', async () => {
  await using at = await place();
  const { bus, told, forget } = start(at);
  await using _ = forget;
  await forget.settled();
  const starred = capture({ isStarred: true });
  const old = capture({ at: '2025-01-01T00:00:00.000Z' });
  const rest = [capture(), capture(), capture()];
  await at.put(starred, old, ...rest);
  bus.emit('capture.kept', { capture: rest[2] ?? assert.fail() });
  await forget.settled();
  assert.deepEqual(at.store.rows, [starred, ...rest]);
  assert.deepEqual((await at.files()).sort(), [starred, ...rest].map(({ id }) => `${id}.jpg`).sort());
  assert.deepEqual(payloads(told, 'capture.forgotten'), [{ captureId: old.id, sourceId: 'door1234' }]);
  assert.equal(await isThere(join(at.folder, 'door1234', '2025-01-01')), false);
});

test('a start catches up with a large backlog in small batches', async () => {
  await using at = await place();
  await at.put(...Array.from({ length: 173 }, () => capture()));
  const { forget } = start(at);
  await using _ = forget;
  await forget.settled();
  assert.equal(at.store.rows.length, 3);
  assert.deepEqual(at.store.batches, [50, 50, 50, 20]);
  assert.equal((await at.files()).length, 3);
});

test('a source that keeps fewer now is trimmed at once', async () => {
  await using at = await place();
  await at.put(capture(), capture(), capture());
  const { bus, forget, sources } = start(at);
  await using _ = forget;
  await forget.settled();
  const before = sources[0] ?? assert.fail();
  sources[0] = aSource({ keep: { every: '1m', newest: 1 } });
  bus.emit('source.changed', { source: sources[0], before });
  await forget.settled();
  assert.equal(at.store.rows.length, 1);
});

const WEEK_MS = 7 * 86_400_000;

/** Settings lack a source that has pictures, a starred one among them. */
async function lacking(at: Awaited<ReturnType<typeof place>>, over: Partial<ForgetParts>) {
  await at.put(capture({ sourceId: 'gone1234' }), capture({ sourceId: 'gone1234', isStarred: true }));
  const started = start(at, over);
  await started.forget.settled();
  await started.forget[Symbol.asyncDispose]();
  return { ...started, files: await at.files() };
}

test('a removed source goes with everything, starred too', async () => {
  await using at = await place();
  await at.put(capture({ isStarred: true }), capture());
  await writeFile(join(at.folder, 'door1234', 'stray.txt'), 'x');
  const { bus, forget, sources, gone } = start(at);
  await using _ = forget;
  await forget.settled();
  assert.deepEqual([gone, at.store.rows.length], [[], 2]);
  const [source] = sources.splice(0);
  bus.emit('source.removed', { source: source ?? assert.fail() });
  await forget.settled();
  assert.deepEqual(at.store.rows, []);
  assert.deepEqual(gone, ['door1234']);
  assert.deepEqual(await readdir(at.folder), []);
});

test('a source that a whole file lacks keeps everything for now', async () => {
  await using at = await place();
  await at.put(capture());
  const { bus, forget, sources, gone } = start(at);
  await using _ = forget;
  await forget.settled();
  const [source] = sources.splice(0);
  bus.emit('source.removed', { source: source ?? assert.fail(), mayReturn: true });
  bus.emit('capture.kept', { capture: capture() });
  await forget.settled();
  assert.deepEqual([gone, at.store.rows.length, (await at.files()).length], [[], 1, 1]);
});

test('what the settings lack is forgotten only after it was missed for a week', async () => {
  for (const [missingMs, left] of [
    [0, 2],
    [WEEK_MS - 1, 2],
    [WEEK_MS, 0],
  ] as const) {
    await using at = await place();
    const noteMissing = async (ids: readonly string[]) => new Map(ids.map(id => [id, missingMs]));
    const { gone, files, logged } = await lacking(at, { noteMissing });
    assert.deepEqual([at.store.rows.length, files.length], [left, left], `${missingMs} ms`);
    assert.deepEqual(gone, left === 0 ? ['gone1234'] : []);
    assert.equal(
      logged.some(line => line.includes('do not name: 1')),
      left > 0,
    );
  }
});

test('after settings were lost nothing is forgotten, however long it was missing, and nothing is noted', async () => {
  await using at = await place();
  const noted: unknown[] = [];
  const noteMissing = async (ids: readonly string[]) => {
    noted.push(ids);
    return new Map(ids.map(id => [id, 0]));
  };
  const { gone, files } = await lacking(at, { areSettingsSure: false, noteMissing });
  assert.deepEqual([gone, noted, at.store.rows.length, files.length], [[], [], 2, 2]);
});

test('files from before the history began are no orphans: theirs may be a history that was lost', async () => {
  await using at = await place();
  const [old, young] = [capture({ at: '2025-11-30T23:00:00.000Z' }), capture()];
  await at.put(old, young);
  at.store.rows = [];
  const { forget } = start(at, { historyFrom: '2025-12-01' });
  await using _ = forget;
  await forget.settled();
  assert.deepEqual(await at.files(), [`${old.id}.jpg`]);
});

test('a crash between row and file leaves an orphan, which the next start sweeps; never a row without a file', async () => {
  await using at = await place();
  await at.put(...Array.from({ length: 8 }, () => capture()));
  const crash = async () => {
    throw new Error('killed here');
  };
  const first = start(at, { removeFile: crash });
  await first.forget.settled();
  await first.forget[Symbol.asyncDispose]();
  const second = start(at);
  await using _ = second.forget;
  await second.forget.settled();
  assert.deepEqual((await at.files()).sort(), at.store.rows.map(({ id }) => `${id}.jpg`).sort());
  assert.equal(at.store.rows.length, 3);
});

test('sweeping removes what keeping left half done, and nothing that people or writes in progress put there', async () => {
  await using at = await place();
  const [kept, writing] = [capture(), capture()];
  await at.put(kept);
  const day = dirname(join(at.folder, captureFile(kept)));
  await writeFile(join(day, 'capture999999.jpg.part'), 'x');
  await writeFile(join(day, `${writing.id}.jpg`), 'x');
  await writeFile(join(day, 'holiday photo.jpg'), 'x');
  await mkdir(join(at.folder, 'lost+found'));
  const elsewhere = await mkdtemp(join(tmpdir(), 'glimpser-elsewhere-'));
  await mkdir(join(elsewhere, '2026-01-01'));
  await writeFile(join(elsewhere, '2026-01-01', 'capture888888.jpg'), 'x');
  await symlink(elsewhere, join(at.folder, 'link1234'));
  const { forget, logged } = start(at, { isWriting: id => id === writing.id });
  await using _ = forget;
  await forget.settled();
  assert.deepEqual(
    (await readdir(day)).sort(),
    [`${kept.id}.jpg`, `${writing.id}.jpg`, 'holiday photo.jpg'].sort(),
  );
  assert.ok(await isThere(join(elsewhere, '2026-01-01', 'capture888888.jpg')), 'links are not followed');
  assert.ok(logged.some(line => line.includes('were removed: 1')));
  await rm(elsewhere, { recursive: true });
});

test('many orphans are swept in batches', async () => {
  await using at = await place();
  const kept = capture({ at: '2025-06-01T00:00:00.000Z' });
  await at.put(kept);
  const day = dirname(join(at.folder, captureFile(kept)));
  for (let i = 0; i < 450; i++) await writeFile(join(day, `orphan${i}x.jpg`), '');
  const asked: number[] = [];
  const known = at.store.known.bind(at.store);
  at.store.known = async ids => {
    asked.push(ids.length);
    return known(ids);
  };
  const { forget } = start(at);
  await using _ = forget;
  await forget.settled();
  assert.deepEqual(await readdir(day), [`${kept.id}.jpg`]);
  assert.ok(asked.every(count => count <= 200) && asked.length >= 3, asked.join());
});

test('a store that fails is logged and the next capture tries again', async () => {
  await using at = await place();
  const { bus, forget, logged } = start(at);
  await using _ = forget;
  await forget.settled();
  await at.put(capture(), capture(), capture(), capture());
  const { beyondNewest } = at.store;
  at.store.beyondNewest = async () => Promise.reject(new Error('locked'));
  bus.emit('capture.kept', { capture: capture() });
  await forget.settled();
  assert.ok(logged.includes('warning: Old pictures could not be forgotten'));
  at.store.beyondNewest = beyondNewest;
  bus.emit('capture.kept', { capture: capture() });
  await forget.settled();
  assert.equal(at.store.rows.length, 3);
});
