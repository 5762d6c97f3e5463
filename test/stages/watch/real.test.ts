import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import sharp from 'sharp';
import { systemClock } from '#server/base/clock.ts';
import { silentLog } from '#server/base/log.ts';
import type { SourceKind } from '#server/sources/kind.ts';
import testKind from '#server/sources/test.ts';
import { createWatch } from '#server/stages/watch/watch.ts';
import { sourceContext } from '#test/fakes/source-context.ts';
import { until } from '#test/fakes/until.ts';
import { aSource, payloads, recordingBus } from '#test/fakes/watch-bench.ts';

test('the test kind with a real FFmpeg: live pictures, one now, a dry run, and no process left', async () => {
  await using fake = await sourceContext();
  const { bus, told } = recordingBus();
  const watch = createWatch({
    bus,
    clock: systemClock,
    log: silentLog,
    kinds: new Map([['test', testKind as unknown as SourceKind]]),
    tools: {
      ...fake.context,
      programsFor: () => fake.context,
      picturesFor: () => fake.context.pictures,
      decodingFor: () => fake.context.hardware,
    },
    isPaused: () => false,
  });
  const source = aSource({ kind: 'test', schedule: '500ms' });
  watch.start(source);
  using taken = watch.take(source.id, { isViewer: true });
  const sequences: number[] = [];
  for await (const frame of taken) {
    sequences.push(frame.sequence);
    assert.equal((await sharp(frame.image).metadata()).width, frame.width);
    if (sequences.length === 3) break;
  }
  assert.deepEqual(
    sequences,
    sequences.toSorted((a, b) => a - b),
  );
  assert.equal((await watch.captureNow(source.id)).sourceId, source.id);
  const dry = await watch.tryOut(aSource({ id: 'other123', kind: 'test' }));
  assert.equal(dry.failure, null);
  assert.ok((dry.picture?.image.length ?? 0) > 1000);
  watch.update(aSource({ kind: 'test', schedule: '1h' }));
  const before = watch.latest(source.id)?.sequence ?? 0;
  await until(
    'a single picture by the new schedule',
    () => (watch.latest(source.id)?.sequence ?? 0) > before,
  );
  await watch[Symbol.asyncDispose]();
  assert.deepEqual(payloads(told, 'source.failed'), []);
  assert.equal(await children(), '');
});

/** Processes that this one started and that still run or wait to be reaped. */
async function children(): Promise<string> {
  return readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
}
