/** Which decoder is used, and how a camera comes back to software. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { type Ffmpeg, findFfmpeg } from '#server/base/ffmpeg.ts';
import {
  type Decoder,
  HardwareChoice,
  type HardwareChoiceParts,
  type HardwarePreference,
} from '#server/base/hardware-choice.ts';
import { silentLog } from '#server/base/log.ts';
import { fakeFfmpeg } from '#test/fakes/fake-program.ts';
import { listLog } from '#test/fakes/watch-bench.ts';

const real = await findFfmpeg();

/** An FFmpeg for which every decoder gives the same picture. */
const agreeable = (t: TestContext) => fakeFfmpeg(t, 'head -c 288000 /dev/zero >&3');

function choiceOf(ffmpeg: Ffmpeg, over: Partial<HardwareChoiceParts> = {}) {
  const kept: string[] = [];
  let preference: HardwarePreference = 'auto';
  const told: string[] = [];
  const tell = (decoder: Decoder, givenUp: Decoder | null) =>
    void told.push(givenUp ? `${decoder}, not ${givenUp}` : decoder);
  const choice = new HardwareChoice({
    ffmpeg,
    machine: {
      platform: 'linux',
      devices: async () => ['/dev/dri/renderD129', '/dev/nvidia0'],
      mayOpen: async () => true,
    },
    clock: systemClock,
    log: silentLog,
    preference: () => preference,
    store: { get: async () => kept.at(-1), set: async text => void kept.push(text) },
    ...over,
  });
  const prefer = (wanted: HardwarePreference) => {
    preference = wanted;
  };
  return { choice, kept, told, prefer, decoding: choice.of('door', tell) };
}

test('before anything was tried, software decodes; then the first that works', async t => {
  const { choice, decoding, prefer } = choiceOf(await agreeable(t));
  assert.equal(decoding.pick('h264'), undefined);
  await choice.begin();
  assert.deepEqual(decoding.pick('h264'), { preset: 'cuda', codec: 'h264', device: '0' });
  assert.deepEqual(choice.status.uses, { h264: 'cuda', h265: 'cuda' });
  prefer('vaapi');
  assert.deepEqual(decoding.pick('h265'), { preset: 'vaapi', codec: 'h265', device: '/dev/dri/renderD129' });
  prefer('none');
  assert.equal(decoding.pick('h264'), undefined);
});

test('what people name is tried even where the table has no such decoder', async t => {
  const { choice, decoding, prefer } = choiceOf(await agreeable(t));
  await choice.begin();
  prefer('rkmpp');
  assert.deepEqual(decoding.pick('h264'), { preset: 'rkmpp', codec: 'h264' });
});

test('two failures before a first picture bring a camera back to software, and only that camera', async t => {
  const { choice, decoding, prefer, told } = choiceOf(await agreeable(t));
  await choice.begin();
  assert.equal(decoding.failed(), false);
  assert.ok(decoding.pick('h264'));
  decoding.worked('cuda');
  assert.equal(decoding.failed(), false, 'what works in between is forgiven');
  assert.equal(decoding.failed(), true);
  assert.equal(decoding.pick('h264'), undefined);
  decoding.worked('software');
  assert.equal(decoding.pick('h264'), undefined, 'software that works says nothing about hardware');
  assert.ok(choice.of('yard', () => undefined).pick('h264'));
  assert.deepEqual(told, ['cuda', 'software, not cuda']);
  prefer('vaapi');
  assert.ok(decoding.pick('h264'), 'another wish is another chance');
  decoding.worked('vaapi');
  assert.equal(told.at(-1), 'vaapi');
});

test('a new table is a new chance', async t => {
  const { choice, decoding } = choiceOf(await agreeable(t));
  await choice.begin();
  decoding.failed();
  decoding.failed();
  await choice.probe();
  assert.ok(decoding.pick('h264'));
});

test('the table of an earlier start is taken while FFmpeg and devices are the same', async t => {
  const ffmpeg = await agreeable(t);
  const first = choiceOf(ffmpeg);
  await first.choice.begin();
  assert.equal(first.kept.length, 1);
  const store = { get: async () => first.kept[0], set: async () => assert.fail('not tried again') };
  const again = choiceOf(ffmpeg, { store });
  await again.choice.begin();
  assert.ok(again.decoding.pick('h264'));
  const other = choiceOf({ ...ffmpeg, version: '7.1' }, { store: { ...store, set: async () => undefined } });
  await other.choice.begin();
  assert.notEqual(other.choice.status.at, first.choice.status.at);
});

for (const text of ['', '{', '{"key":1}', '[]'])
  test(`a kept table that reads ${JSON.stringify(text)} is made anew`, async t => {
    const { choice } = choiceOf(await agreeable(t), {
      store: { get: async () => text, set: async () => undefined },
    });
    await choice.begin();
    assert.equal(choice.status.rows.length, 12);
  });

test('nothing is tried while people want software, until they ask', async t => {
  const { choice, prefer } = choiceOf(await agreeable(t));
  prefer('none');
  await choice.begin();
  assert.equal(choice.status.at, null);
  await choice.probe();
  assert.equal(choice.status.rows.length, 12);
});

test('who asks while a probe runs waits for that one', async t => {
  const { choice, kept } = choiceOf(await agreeable(t));
  const probing = choice.probe();
  assert.equal(choice.status.isProbing, true);
  await Promise.all([probing, choice.probe()]);
  assert.deepEqual([choice.status.isProbing, kept.length], [false, 1]);
});

test('a store that fails and a missing FFmpeg are said, and software goes on', async () => {
  const logged: string[] = [];
  const failing = {
    get: () => Promise.reject(new Error('sealed under another key')),
    set: async () => undefined,
  };
  const { choice } = choiceOf(real, { store: failing, log: listLog(logged) });
  await choice.begin();
  const without = choiceOf(await findFfmpeg(undefined, '/nowhere'), { log: listLog(logged) });
  await without.choice.begin();
  assert.equal(without.decoding.pick('h264'), undefined);
  assert.match(logged.join('\n'), /sealed under another key.*FFmpeg is not installed/s);
});

test('a probe that runs ends with the hub', async t => {
  const { choice } = choiceOf(await fakeFfmpeg(t, 'sleep 100'));
  const probing = choice.begin();
  await choice[Symbol.asyncDispose]();
  await probing;
  assert.equal(choice.status.at, null);
});
