import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Capture, captureFile, captureSchema } from '#server/model/capture.ts';
import type { Frame } from '#server/model/frame.ts';
import { createKeep, type KeepParts } from '#server/stages/keep/keep.ts';
import { writeWhole } from '#server/stages/keep/picture-file.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { picture } from '#test/fakes/driven-kind.ts';
import { aSource, listLog, payloads, recordingBus } from '#test/fakes/watch-bench.ts';

async function bench(over: Partial<KeepParts> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'glimpser-keep-'));
  const { bus, told } = recordingBus();
  const clock = new FakeClock();
  const rows: Capture[] = [];
  const logged: string[] = [];
  const sources = [aSource({ keep: { every: '1m', newest: 10 } })];
  let latest: Frame | undefined;
  const store = {
    add: async (capture: Capture) => void rows.push(capture),
    totals: async () => ({ bytes: rows.reduce((sum, row) => sum + row.bytes, 0) }),
  };
  const keep = createKeep({
    bus,
    clock,
    log: listLog(logged),
    store,
    folder,
    find: id => sources.find(source => source.id === id),
    latest: () => latest,
    ...over,
  });
  const frame = (text: string): Frame => ({
    ...picture(clock.now(), text),
    sourceId: 'door1234',
    sequence: 1,
  });
  const show = (text: string) => {
    latest = frame(text);
    const { sourceId, at, width, height, image } = latest;
    bus.emit('source.captured', { sourceId, at, width, height, bytes: image.length });
  };
  const undo = async () => {
    await keep[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  };
  return { keep, bus, clock, rows, logged, sources, told, folder, frame, show, [Symbol.asyncDispose]: undo };
}

test('the first picture is kept, then one per rhythm; each is a row and a whole file by day', async () => {
  await using b = await bench();
  for (let second = 0; second < 125; second++) {
    b.show(`picture ${second}`);
    await b.clock.advance(1000);
  }
  await b.keep.settled();
  assert.deepEqual(
    b.rows.map(({ at, reason, bytes }) => [at, reason, bytes]),
    [
      ['2026-01-01T00:00:00.000Z', 'schedule', 9],
      ['2026-01-01T00:01:00.000Z', 'schedule', 10],
      ['2026-01-01T00:02:00.000Z', 'schedule', 11],
    ],
  );
  const [first] = b.rows;
  captureSchema.parse(first);
  assert.equal((await b.keep.read(first ?? assert.fail())).toString(), 'picture 0');
  const files = await readdir(join(b.folder, 'door1234', '2026-01-01'));
  assert.deepEqual(files.sort(), b.rows.map(row => `${row.id}.jpg`).sort());
  assert.equal(b.keep.storedBytes(), 30);
  assert.equal(payloads(b.told, 'capture.kept').length, 3);
});

test('a picture that is identical to the last kept one is not kept again', async () => {
  await using b = await bench();
  for (const text of ['same', 'same', 'other', 'same']) {
    b.show(text);
    await b.clock.advance(60_000);
  }
  await b.keep.settled();
  assert.equal(b.rows.length, 3);
});

test('a request is kept at once, whatever the rhythm', async () => {
  await using b = await bench();
  b.show('one');
  const capture = await b.keep.keep(b.frame('one'), 'request');
  assert.deepEqual(
    b.rows.map(row => row.reason),
    ['schedule', 'request'],
  );
  assert.equal(capture.id, b.rows[1]?.id);
  assert.equal(b.keep.isWriting(capture.id), false);
});

test('a source that keeps none keeps none, and says so to who asks', async () => {
  await using b = await bench();
  b.sources[0] = aSource({ keep: { every: '1m', newest: 0 } });
  b.show('one');
  await assert.rejects(b.keep.keep(b.frame('one'), 'request'), { code: 'conflict', message: /keeps no/ });
  b.sources.pop();
  await assert.rejects(b.keep.keep(b.frame('one'), 'request'), { code: 'not-found' });
  await b.keep.settled();
  assert.deepEqual(b.rows, []);
});

test('a full disk is said once, leaves no half file, and keeping goes on when there is room', async () => {
  let isFull = true;
  const write: typeof writeWhole = async (file, content) => {
    if (isFull) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    await writeWhole(file, content);
  };
  await using b = await bench({ write });
  for (let minute = 0; minute < 5; minute++) {
    b.show(`minute ${minute}`);
    await b.keep.settled();
    await b.clock.advance(60_000);
  }
  assert.equal(b.logged.length, 1);
  assert.match(b.keep.problems()[0] ?? '', /^The disk is full: no pictures are kept\. Free space/);
  await assert.rejects(b.keep.keep(b.frame('now'), 'request'), { code: 'disk-failed' });
  assert.deepEqual(b.rows, []);
  isFull = false;
  b.show('minute 4');
  await b.keep.settled();
  assert.equal(b.rows.length, 1, 'a picture that was not kept does not count as kept');
  assert.deepEqual(b.keep.problems(), []);
});

test('while the disk is slow at most eight scheduled pictures wait; requested ones are not dropped', async () => {
  const gate = Promise.withResolvers<void>();
  await using b = await bench({ write: async () => gate.promise });
  b.sources[0] = aSource({ keep: { every: '1s', newest: 10 } });
  for (let i = 0; i < 30; i++) {
    b.show(`picture ${i}`);
    await b.clock.advance(1000);
  }
  assert.equal(b.keep.dropped, 21, 'one is written and eight wait');
  const requested = b.keep.keep(b.frame('asked'), 'request');
  gate.resolve();
  await requested;
  assert.equal(b.rows.length, 10);
  assert.equal(b.rows.at(-1)?.reason, 'request');
});

test('a database that fails leaves no file, a source removed in between no row', async () => {
  const gate = Promise.withResolvers<void>();
  const broken = { add: async () => Promise.reject(new Error('locked')), totals: async () => ({ bytes: 0 }) };
  await using b = await bench({ store: broken });
  await assert.rejects(b.keep.keep(b.frame('one'), 'request'), { code: 'database-failed' });
  assert.deepEqual(await readdir(join(b.folder, 'door1234', '2026-01-01')), []);
  await using c = await bench({
    write: async (file, content) => {
      await gate.promise;
      await writeWhole(file, content);
    },
  });
  const kept = assert.rejects(c.keep.keep(c.frame('one'), 'request'), { code: 'not-found' });
  c.sources.pop();
  gate.resolve();
  await kept;
  assert.deepEqual(await readdir(join(c.folder, 'door1234', '2026-01-01')), []);
  assert.deepEqual(c.rows, []);
});

test('stopping writes what waits and takes no more', async () => {
  await using b = await bench();
  const kept = b.keep.keep(b.frame('one'), 'request');
  await b.keep[Symbol.asyncDispose]();
  assert.equal((await kept).bytes, 3);
  await assert.rejects(b.keep.keep(b.frame('two'), 'request'), { code: 'not-ready' });
});

test('after captures were forgotten the size is read again', async () => {
  await using b = await bench();
  await b.keep.keep(b.frame('12345'), 'request');
  assert.equal(b.keep.storedBytes(), 5);
  b.rows.pop();
  b.bus.emit('capture.forgotten', { captureId: 'x', sourceId: 'door1234' });
  await b.clock.advance(5000);
  await b.keep.settled();
  assert.equal(b.keep.storedBytes(), 0);
});

test('the file of a capture is built from ids alone; a file that is gone is a sentence', async () => {
  await using b = await bench();
  const capture = await b.keep.keep(b.frame('one'), 'request');
  for (const bad of [{ id: '../../etc' }, { sourceId: '..' }, { at: '../../..--' }]) {
    assert.throws(() => captureFile({ ...capture, ...bad }), RangeError);
  }
  await rm(join(b.folder, captureFile(capture)));
  await assert.rejects(b.keep.read(capture), { code: 'not-found' });
});
