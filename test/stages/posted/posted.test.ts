/** Pictures that others send: the newest waits for its reader, and what is wrong is refused in words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Picture } from '#server/model/frame.ts';
import { POSTED_MAX_BYTES } from '#server/model/posting.ts';
import type { Source } from '#server/model/source.ts';
import { PostedPictures } from '#server/stages/posted/posted.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { jpeg } from '#test/fakes/pictures.ts';
import { aSource } from '#test/fakes/watch-bench.ts';

function setUp(over: Partial<Source> = {}) {
  const clock = new FakeClock();
  const source = aSource({ kind: 'push', ...over });
  let isPaused = false;
  const find = (id: string) => (id === source.id ? source : undefined);
  const posted = new PostedPictures({
    ...{ clock, find, isPosted: kind => kind === 'push', isPaused: () => isPaused },
  });
  const stop = new AbortController();
  const read = () => {
    const seen: Picture[] = [];
    const done = (async () => {
      for await (const picture of posted.of(source.id, stop.signal)) seen.push(picture);
    })();
    return { seen, done };
  };
  const pause = () => {
    isPaused = true;
  };
  return { clock, posted, source, stop, read, pause };
}

const teal = (await jpeg('teal')).image;
const tomato = (await jpeg('tomato')).image;

test('what comes while nobody reads waits, the newest only', async () => {
  const { clock, posted, source, stop, read } = setUp();
  posted.post(source.id, teal);
  await clock.advance(1000);
  assert.deepEqual(posted.post(source.id, tomato), { type: 'image/jpeg', width: 64, height: 36 });
  const { seen, done } = read();
  await settle();
  assert.deepEqual(
    seen.map(({ image, at }) => [image === tomato, at]),
    [[true, clock.now()]],
  );
  stop.abort();
  await done;
});

test('every reader gets what comes, and nothing is read twice', async () => {
  const { posted, source, stop, read } = setUp();
  const readers = [read(), read()];
  await settle();
  posted.post(source.id, teal);
  await settle();
  assert.deepEqual(
    readers.map(({ seen }) => seen.length),
    [1, 1],
  );
  stop.abort();
  await Promise.all(readers.map(({ done }) => done));
  assert.deepEqual(await Array.fromAsync(posted.of(source.id, stop.signal)), []);
});

test('what waits for a source that rests is dropped', async () => {
  const { posted, source, stop, read } = setUp();
  posted.post(source.id, teal);
  posted.forget(source.id);
  const { seen } = read();
  await settle();
  stop.abort();
  assert.equal(seen.length, 0);
});

test('pictures for no source, another kind, a source at rest, and no pictures are refused', () => {
  const refuses = (over: Partial<Source>, image: Buffer, code: string, id?: string) => {
    const { posted, source } = setUp(over);
    assert.throws(() => posted.post(id ?? source.id, image), { code });
  };
  refuses({}, teal, 'not-found', 'nobody12');
  refuses({ kind: 'rtsp' }, teal, 'conflict');
  refuses({ enabled: false }, teal, 'source-disabled');
  refuses({}, Buffer.from('hello'), 'picture-invalid');
  refuses({}, teal.subarray(0, -100), 'picture-invalid');
  refuses({}, Buffer.alloc(POSTED_MAX_BYTES + 1), 'picture-too-large');
  const { posted, source, pause } = setUp();
  pause();
  assert.throws(() => posted.post(source.id, teal), { code: 'source-disabled', message: /paused/ });
});
