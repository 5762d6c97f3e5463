import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import type { Frame } from '#server/model/frame.ts';
import { createRenditions } from '#server/stages/watch/rendition.ts';
import { aSource, listLog, watchBench } from '#test/fakes/watch-bench.ts';

async function image(type: 'jpeg' | 'png', width = 64, height = 48): Promise<Buffer> {
  const blank = { create: { width, height, channels: 4, background: '#336699' } } as const;
  return sharp(blank).toFormat(type).toBuffer();
}

async function bench() {
  const bench = watchBench();
  const logged: string[] = [];
  const renditions = createRenditions(bench.watch, listLog(logged));
  bench.watch.start(aSource());
  await bench.clock.advance(0);
  const run = bench.runs[0] ?? assert.fail('no run');
  return { ...bench, run, renditions, logged };
}

test('all who want the same shape get the same buffer, made once', async () => {
  const { watch, run, renditions } = await bench();
  await using _ = watch;
  using one = renditions.take('door1234', { width: 32, quality: 50 }, { isViewer: true });
  using two = renditions.take('door1234', { width: 32, quality: 50 }, { isViewer: true });
  const both = Promise.all([one, two].map(taken => taken[Symbol.asyncIterator]().next()));
  run.send({ image: await image('png'), type: 'image/png', width: 64, height: 48 });
  const [a, b] = (await both).map(step => step.value as Frame);
  assert.equal(a, b);
  assert.deepEqual([a?.type, a?.width, a?.height, a?.sequence], ['image/jpeg', 32, 24, 1]);
  assert.equal((await sharp(a?.image).metadata()).format, 'jpeg');
  assert.equal(watch.viewers('door1234'), 2);
});

test('it never grows a picture, and passes a JPEG on as it is when nothing is asked of it', async () => {
  const { watch, renditions } = await bench();
  await using _ = watch;
  const frame: Frame = {
    sourceId: 'door1234',
    sequence: 1,
    at: 0,
    type: 'image/jpeg',
    image: await image('jpeg'),
    width: 64,
    height: 48,
  };
  assert.equal(await renditions.still(frame, {}), frame);
  assert.equal((await renditions.still(frame, { width: 4000 })).width, 64);
  await assert.rejects(renditions.still({ ...frame, image: Buffer.from('no') }, { width: 32 }), {
    code: 'picture-invalid',
  });
});

test('stills of one picture are made once for each step of size and quality', async () => {
  const { watch, renditions } = await bench();
  await using _ = watch;
  const common = {
    sourceId: 'door1234',
    sequence: 1,
    at: 0,
    type: 'image/jpeg',
    width: 64,
    height: 48,
  } as const;
  const frame: Frame = { ...common, image: await image('jpeg') };
  const [one, two] = await Promise.all([
    renditions.still(frame, { width: 30, quality: 41 }),
    renditions.still(frame, { width: 17, quality: 45 }),
  ]);
  assert.equal(one, two);
  assert.equal(one?.width, 32);
  assert.equal(await renditions.still(frame, { width: 32, quality: 44 }), one);
  assert.notEqual(await renditions.still({ ...frame, sequence: 2 }, { width: 32, quality: 45 }), one);
});

test('who asks for more stills than can be made is told to come again', async () => {
  const { watch, renditions } = await bench();
  await using _ = watch;
  const common = { sourceId: 'door1234', at: 0, type: 'image/jpeg', width: 64, height: 48 } as const;
  const whole = await image('jpeg');
  const asked = Array.from({ length: 40 }, (_, sequence) =>
    renditions.still({ ...common, sequence, image: whole }, { width: 32 }),
  );
  const refused = (await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected');
  assert.equal(refused.length, 6, 'two are made and 32 wait');
  for (const { reason } of refused as PromiseRejectedResult[]) assert.equal(reason.code, 'too-many-requests');
  const again = await renditions.still({ ...common, sequence: 50, image: whole }, { width: 32 });
  assert.equal(again.width, 32);
});

test('while a picture is made only the newest waits, and a damaged one is left out', async () => {
  const { watch, run, renditions } = await bench();
  await using _ = watch;
  const got: number[] = [];
  const tenth = Promise.withResolvers<void>();
  using _ear = renditions.listen(
    'door1234',
    { width: 32 },
    ({ sequence }) => {
      got.push(sequence);
      if (sequence === 10) tenth.resolve();
    },
    { isViewer: false },
  );
  const good = await image('jpeg');
  const frames = watch.take('door1234', { isViewer: false })[Symbol.asyncIterator]();
  for (let i = 1; i <= 10; i++) {
    const arrived = frames.next();
    run.send({ image: i === 9 ? Buffer.from('damaged') : good });
    await arrived;
  }
  await tenth.promise;
  assert.ok(got.length < 10 && !got.includes(9), got.join());
  assert.deepEqual(
    got,
    got.toSorted((a, b) => a - b),
  );
});

test('the last taker ends it; a taker that throws hurts nobody; shapes are bounded', async () => {
  const { watch, run, renditions, logged } = await bench();
  await using _ = watch;
  const shapes = Array.from({ length: 64 }, (_, index) => ({ width: 32 * (index + 2) }));
  const ears = shapes.map(shape => renditions.listen('door1234', shape, () => undefined, { isViewer: true }));
  assert.throws(() => renditions.listen('door1234', { width: 20 }, () => undefined, { isViewer: true }), {
    code: 'too-many-requests',
  });
  for (const ear of ears) ear[Symbol.dispose]();
  assert.equal(watch.viewers('door1234'), 0);
  const bad = () => {
    throw new Error('no');
  };
  using _bad = renditions.listen('door1234', { width: 20 }, bad, { isViewer: false });
  using good = renditions.take('door1234', { width: 20 }, { isViewer: false });
  const next = good[Symbol.asyncIterator]().next();
  run.send({ image: await image('jpeg') });
  assert.equal((await next).value?.width, 32);
  assert.ok(logged.includes('error: A taker of a rendition threw'));
});
