/** Pictures that FFmpeg itself throws away because nobody takes them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { findFfmpeg } from '#server/base/ffmpeg.ts';
import { ffmpegArguments } from '#server/base/ffmpeg-args.ts';
import { isOverflow } from '#server/base/ffmpeg-failure.ts';
import { ffmpegPictures } from '#server/base/ffmpeg-pictures.ts';
import { fakeFfmpeg } from '#test/fakes/fake-program.ts';
import { firstOf } from '#test/fakes/source-context.ts';

test('a real FFmpeg says so when its pictures are not taken', async () => {
  const ffmpeg = await findFfmpeg();
  const args = ffmpegArguments(
    { from: 'lavfi', graph: 'testsrc2=size=1280x720:rate=30' },
    [{ to: 'jpeg', fd: 3, everyMs: 0, width: 0, quality: 90, isSingle: false }],
    ffmpeg.version,
  );
  const overflow = Promise.withResolvers<void>();
  await using child = ffmpeg.start(args, {
    extraPipes: 1,
    onLine: line => isOverflow(line) && overflow.resolve(),
  });
  child.exited.then(() => overflow.reject(new Error(child.lastLines.join('\n'))));
  await overflow.promise;
});

test('it is told once for each time that FFmpeg says so', async t => {
  const ffmpeg = await fakeFfmpeg(
    t,
    'for i in 1 2; do echo "[fifo @ 0x1] [warning] FIFO queue full" >&2; done; exit 1',
  );
  let dropped = 0;
  const run = ffmpegPictures(ffmpeg, {
    ...{ args: [], name: 'Yard', clock: systemClock, isSingle: false, note: () => undefined },
    signal: new AbortController().signal,
    dropped: () => void dropped++,
  });
  await assert.rejects(firstOf(run, 1));
  assert.equal(dropped, 2);
});
