import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { launchBrowser } from '#server/base/browser-launch.ts';
import { systemClock } from '#server/base/clock.ts';
import { GlimpserError } from '#server/base/errors.ts';
import '#test/fakes/private-tmp.ts';
import { FakeClock } from '#test/fakes/clock.ts';

const homes = async () =>
  (await readdir(tmpdir())).filter(name => name.startsWith('glimpser-browser-')).sort();

const table: [string, string, RegExp][] = [
  [
    'has no sandbox',
    'echo "[7:FATAL:zygote_host_impl_linux.cc(128)] No usable sandbox!" >&2; exit 1',
    /user namespaces/,
  ],
  ['lacks a library', 'echo "error while loading shared libraries: libnss3.so" >&2; exit 127', /libnss3\.so/],
  ['ends at once', 'exit 0', /ended at once/],
];

for (const [what, script, sentence] of table) {
  test(`a browser that ${what}`, async t => {
    const folder = await mkdtemp(join(tmpdir(), 'launch-browser-'));
    t.after(() => rm(folder, { recursive: true }));
    const path = join(folder, 'chromium');
    await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    await assert.rejects(
      launchBrowser({ path, isSandboxed: false, clock: systemClock }),
      (error: unknown) => {
        assert.ok(error instanceof GlimpserError);
        assert.equal(error.code, 'browser-failed');
        assert.match(error.message, sentence);
        return true;
      },
    );
  });
}

test('a browser that never speaks is given up, and leaves nothing behind', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'launch-browser-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'chromium');
  await writeFile(path, '#!/bin/sh\necho started >&2\nexec sleep 600\n', { mode: 0o755 });
  const clock = new FakeClock();
  const before = await homes();
  const launch = assert.rejects(launchBrowser({ path, isSandboxed: false, clock }), {
    code: 'browser-failed',
  });
  while (clock.waiting === 0) await new Promise(resolve => setImmediate(resolve));
  await clock.advance(30_000);
  await launch;
  assert.deepEqual(await homes(), before);
});
