import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '#server/base/log.ts';
import type { SourceKind } from '#server/sources/kind.ts';
import push from '#server/sources/push.ts';
import { PostedPictures } from '#server/stages/posted/posted.ts';
import type { Tools } from '#server/stages/watch/run.ts';
import { createWatch } from '#server/stages/watch/watch.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { jpeg } from '#test/fakes/pictures.ts';
import { sourceContext } from '#test/fakes/source-context.ts';
import { aSource, payloads, recordingBus } from '#test/fakes/watch-bench.ts';

test('pictures that are sent are watched as they come, and silence is no failure', async () => {
  const clock = new FakeClock();
  const { bus, told } = recordingBus();
  const source = aSource({ kind: 'push', options: { fps: 2 } });
  const posted = new PostedPictures({
    ...{ clock, find: () => source, isPosted: () => true, isPaused: () => false },
  });
  const tools = {
    posted: (id: string, signal: AbortSignal) => posted.of(id, signal),
    picturesFor: () => undefined,
    decodingFor: () => undefined,
    programsFor: () => undefined,
  };
  await using watch = createWatch({
    ...{ bus, clock, log: silentLog, isPaused: () => false },
    kinds: new Map([['push', push as unknown as SourceKind]]),
    tools: tools as unknown as Tools,
  });
  watch.start(source);
  await clock.advance(3_600_000);
  assert.equal(payloads(told, 'source.started')[0]?.isPosted, true, 'it is said to wait for others');
  const { image } = await jpeg('teal');
  posted.post(source.id, image);
  await settle();
  posted.post(source.id, image);
  await settle();
  assert.equal(watch.latest(source.id)?.sequence, 1, 'more than two a second are left out');
  await clock.advance(86_400_000);
  posted.post(source.id, image);
  await settle();
  assert.equal(watch.latest(source.id)?.sequence, 2);
  assert.deepEqual(payloads(told, 'source.failed'), []);
});

test('one picture is enough when one is wanted', async () => {
  const picture = await jpeg('teal');
  async function* posted() {
    yield picture;
    yield picture;
  }
  await using run = await sourceContext({ isSingle: true, posted });
  assert.deepEqual(await Array.fromAsync(push.frames(push.options.parse({}), run.context)), [picture]);
});
