/** What children take together: told every ten seconds while any runs, and read as Linux tells it. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { startChild } from '#server/base/child.ts';
import { Crew, type Reading, readProcess, type Usage } from '#server/base/child-usage.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';

/** A crew whose processes take what a test says. */
function crewOf() {
  const clock = new FakeClock();
  const told: Array<Usage | undefined> = [];
  const processes = new Map<number, Reading>();
  let reads = 0;
  const crew = new Crew({
    clock,
    told: usage => void told.push(usage),
    read: async pid => {
      reads++;
      return processes.get(pid);
    },
  });
  const join = (pid: number) => {
    const exited = Promise.withResolvers<never>();
    crew.join({ pid, exited: exited.promise });
    return async () => {
      exited.reject(new Error('ended'));
      await settle();
    };
  };
  const take = (pid: number, cpuSeconds: number, memoryMiB: number) =>
    processes.set(pid, { cpuSeconds, memoryMiB });
  return { clock, told, crew, join, take, reads: () => reads };
}

test('every ten seconds the children are told together; their processor time counts once', async () => {
  const { clock, told, join, take } = crewOf();
  join(11);
  take(11, 0.5, 30);
  await clock.advance(9999);
  assert.deepEqual(told, []);
  await clock.advance(1);
  assert.deepEqual(told, [{ cpuPercent: 5, memoryMiB: 30 }]);
  join(12);
  take(11, 0.75, 32);
  take(12, 1.5, 8);
  await clock.advance(10_000);
  assert.deepEqual(told.at(-1), { cpuPercent: 17.5, memoryMiB: 40 });
});

test('nothing is read before the first child and after the last one, whose end is told', async () => {
  const { clock, told, crew, join, take, reads } = crewOf();
  assert.equal(clock.waiting, 0);
  const leave = join(11);
  take(11, 1, 30);
  await clock.advance(10_000);
  await leave();
  assert.deepEqual([told.length, told.at(-1), crew.isEmpty, clock.waiting], [2, undefined, true, 0]);
  await clock.advance(60_000);
  assert.equal(reads(), 1);
});

test('a child that ended before it was measured leaves no word', async () => {
  const { clock, told, join } = crewOf();
  const leave = join(11);
  await clock.advance(2000);
  await leave();
  assert.deepEqual([told, clock.waiting], [[], 0]);
});

test('a child that cannot be read is left out, and the others count', async () => {
  const { clock, told, join, take } = crewOf();
  join(11);
  join(12);
  await clock.advance(10_000);
  assert.deepEqual(told, [], 'nothing is known');
  take(12, 2, 10);
  await clock.advance(10_000);
  assert.deepEqual(told, [{ cpuPercent: 20, memoryMiB: 10 }]);
});

test('a crew that ends while it is read tells nothing of it, and begins anew with the next child', async () => {
  const clock = new FakeClock();
  const told: Array<Usage | undefined> = [];
  const reading = Promise.withResolvers<Reading>();
  const crew = new Crew({ clock, told: usage => void told.push(usage), read: () => reading.promise });
  const first = Promise.withResolvers<never>();
  crew.join({ pid: 11, exited: first.promise });
  await clock.advance(10_000);
  first.reject(new Error('ended'));
  await settle();
  crew.join({ pid: 12, exited: new Promise(() => undefined) });
  reading.resolve({ cpuSeconds: 9, memoryMiB: 9 });
  await settle();
  assert.deepEqual([told, clock.waiting], [[], 1]);
});

test('a process is read: its own time and that of its children, shared memory in parts', async t => {
  const root = await temporaryFolder(t);
  await mkdir(join(root, '7'));
  const rest = 'S 1 7 7 0 -1 4194304 100 200 0 0 150 50 30 20 25 5 3 0 1000 123456789 2000';
  await writeFile(join(root, '7', 'stat'), `7 (ff) mp(eg) ${rest}`);
  await writeFile(join(root, '7', 'status'), 'Name:\tffmpeg\nVmRSS:\t   40960 kB\n');
  assert.deepEqual(await readProcess(7, root), { cpuSeconds: 2.5, memoryMiB: 40 });
  await writeFile(join(root, '7', 'smaps_rollup'), 'Rss:  40960 kB\nPss:   20480 kB\nPss_Dirty: 1 kB\n');
  assert.deepEqual(await readProcess(7, root), { cpuSeconds: 2.5, memoryMiB: 20 });
  assert.equal(await readProcess(8, root), undefined);
});

test('a real child is read while it runs, and not after', {
  skip: process.platform !== 'linux',
}, async () => {
  const ready = Promise.withResolvers<void>();
  await using child = startChild(
    '/bin/sh',
    ['-c', 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo x >&2; sleep 100'],
    {
      onLine: () => ready.resolve(),
    },
  );
  await ready.promise;
  const reading = (await readProcess(child.pid ?? 0)) ?? assert.fail();
  assert.ok(reading.cpuSeconds > 0 && reading.cpuSeconds < 60, `${reading.cpuSeconds}`);
  assert.ok(reading.memoryMiB > 0 && reading.memoryMiB < 100, `${reading.memoryMiB}`);
  await child.stop();
  assert.equal(await readProcess(child.pid ?? 0), undefined);
});
