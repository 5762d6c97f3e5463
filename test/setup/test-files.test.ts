/** Which tests run when somebody names some, and which benchmarks there are. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { chooseTests, listBenchmarks } from '#server/setup/test-files.mjs';

const root = await mkdtemp(join(tmpdir(), 'glimpser-files-'));
after(() => rm(root, { recursive: true }));
for (const path of [
  'base/bus.test.ts',
  'house/laws.test.ts',
  'house/rules.ts',
  'bench/mjpeg.bench.ts',
  'bench/page.ts',
]) {
  await mkdir(join(root, 'test', path, '..'), { recursive: true });
  await writeFile(join(root, 'test', path), '');
}

test('without words every test runs, and nothing that is not one', () => {
  assert.deepEqual(chooseTests([], root), ['test/base/bus.test.ts', 'test/house/laws.test.ts']);
});

test('a word, a folder or a path chooses', () => {
  assert.deepEqual(chooseTests(['bus'], root), ['test/base/bus.test.ts']);
  assert.deepEqual(chooseTests(['./test/house'], root), ['test/house/laws.test.ts']);
  assert.deepEqual(chooseTests(['laws', 'bus'], root).length, 2);
});

test('a word that no test has stops with a sentence instead of running nothing', () => {
  assert.throws(() => chooseTests(['bus', 'camera'], root), {
    name: 'SetupStop',
    message: /^No test has “camera”/,
  });
});

test('benchmarks are listed by name', () => {
  assert.deepEqual([...listBenchmarks(root)], [['mjpeg', 'test/bench/mjpeg.bench.ts']]);
  assert.equal(listBenchmarks(join(root, 'nowhere')).size, 0);
});
