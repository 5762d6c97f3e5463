/** Programs are counted to the source that started them, and only to that one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findYtDlp } from '#server/base/yt-dlp.ts';
import { programsOf } from '#server/stages/watch/programs.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { fakeFfmpeg } from '#test/fakes/fake-program.ts';
import { payloads, recordingBus } from '#test/fakes/watch-bench.ts';

test('what FFmpeg takes is told of its source while it runs, and its end is told', async t => {
  const { bus, told } = recordingBus();
  const clock = new FakeClock();
  const ffmpeg = await fakeFfmpeg(t, 'exec sleep 1000');
  const ytDlp = await findYtDlp(undefined, '/nowhere');
  const read = async () => ({ cpuSeconds: 1, memoryMiB: 12 });
  const programs = programsOf({ bus, clock, ffmpeg, ytDlp, read });
  const mine = programs('door1234');
  assert.deepEqual([mine.ffmpeg.path, mine.ffmpeg.version], [ffmpeg.path, '5.1.9']);
  await using first = mine.ffmpeg.start(['one']);
  await using second = programs('door1234').ffmpeg.start(['two']);
  await using other = programs('yard1234').ffmpeg.start(['three']);
  await using _nobodys = ffmpeg.start(['four']);
  await clock.advance(10_000);
  const weighed = () =>
    payloads(told, 'source.weighed').map(({ sourceId, programs }) => [sourceId, programs?.memoryMiB]);
  assert.deepEqual(weighed(), [
    ['door1234', 24],
    ['yard1234', 12],
  ]);
  await first.stop();
  await second.stop();
  await settle();
  assert.deepEqual(weighed().slice(2), [['door1234', undefined]]);
  await other.stop();
  await settle();
  assert.equal(clock.waiting, 0);
});
