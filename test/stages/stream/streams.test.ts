/** Which stream somebody gets who asks for one: the camera's own, the next that begins, or one that is encoded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveStream } from '#server/base/rtp/live-stream.ts';
import type { MediaStream } from '#server/base/rtp/media.ts';
import type { Source } from '#server/model/source.ts';
import { createStreams } from '#server/stages/stream/streams.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { H264_TRACK } from '#test/fakes/rtsp-world.ts';
import { aSource } from '#test/fakes/watch-bench.ts';

const never = new AbortController().signal;

function bench(source: Source | undefined = aSource(), hasVideo = true) {
  const clock = new FakeClock();
  const held: string[] = [];
  const hold = (what: string) => {
    held.push(what);
    return { [Symbol.dispose]: () => void held.push(`no ${what}`) };
  };
  const pushes: Array<(stream: MediaStream) => void> = [];
  const streams = createStreams({
    clock,
    port: {
      publish() {
        const { promise, resolve } = Promise.withResolvers<MediaStream>();
        pushes.push(resolve);
        return { url: 'rtsp://127.0.0.1/x', stream: promise, [Symbol.dispose]: () => undefined };
      },
      reader: () => 'rtsp://127.0.0.1/y',
    },
    watching: { hold: () => hold('connected') },
    find: id => (source?.id === id ? source : undefined),
    hasVideo: () => hasVideo,
    encode: () => hold('encoded'),
    dropped: id => void held.push(`${id} dropped`),
  });
  const push = async (codec = 'H264', isOurs = false) => {
    (isOurs ? streams.encoded('door1234') : streams.inlet('door1234')).publish();
    const stream = new LiveStream([{ ...H264_TRACK, codec }]);
    pushes.at(-1)?.(stream);
    await settle();
    return stream;
  };
  return { clock, held, streams, push };
}

test('who asks is given the running stream, and keeps the source connected until it is let go', async () => {
  const { streams, push, held } = bench();
  const stream = await push();
  const mine = await streams.hold('door1234', never);
  assert.equal(mine.tracks, stream.tracks);
  assert.deepEqual(held, ['connected']);
  mine.dropped?.();
  assert.equal(held.pop(), 'door1234 dropped');
  mine[Symbol.dispose]();
  assert.deepEqual(held, ['connected', 'no connected']);
});

test('who comes before the stream waits for it, at most 20 s, and holds nothing after that', async () => {
  const { clock, streams, push, held } = bench();
  const early = streams.hold('door1234', never);
  await settle();
  await push();
  (await early)[Symbol.dispose]();
  const none = bench();
  const late = assert.rejects(none.streams.hold('door1234', never), { code: 'source-silent' });
  await none.clock.advance(20_000);
  await late;
  assert.deepEqual(none.held, ['connected', 'no connected']);
  assert.equal(clock.waiting + none.clock.waiting, 0);
  assert.equal(held.length, 2);
});

test('a stream that ended is given to nobody; the one after it is', async () => {
  const { streams, push } = bench();
  (await push()).end();
  const waiting = streams.hold('door1234', never);
  await settle();
  const next = await push();
  const mine = await waiting;
  let hasEnded = false;
  mine.take({
    unit: () => undefined,
    end: () => {
      hasEnded = true;
    },
  });
  next.end();
  assert.equal(hasEnded, true);
});

test('a source without a stream of its own is encoded for as long as somebody holds it', async () => {
  const { streams, push, held } = bench(aSource(), false);
  const waiting = streams.hold('door1234', never);
  await settle();
  assert.deepEqual(held, ['encoded']);
  await push();
  (await waiting)[Symbol.dispose]();
  assert.deepEqual(held, ['encoded', 'no encoded']);
});

test('there is a movie of H.264 and H.265, of nothing else that is sent, and of no source without video', async () => {
  const { streams, push } = bench();
  assert.equal(streams.hasMovie('door1234'), true, 'nothing is known yet');
  const jpeg = await push('JPEG');
  assert.equal(streams.hasMovie('door1234'), false);
  jpeg.end();
  await push('H265');
  assert.equal(streams.hasMovie('door1234'), true);
  assert.equal(streams.hasMovie('nobody12'), false);
  assert.equal(bench(aSource(), false).streams.hasMovie('door1234'), false);
});

test('a source whose stream cannot be handed on is encoded until it is connected anew', async () => {
  const { streams, push, held } = bench();
  streams.inlet('door1234').unfit?.();
  assert.equal(streams.hasMovie('door1234'), false);
  const waiting = streams.hold('door1234', never);
  await push('H264', true);
  using _mine = await waiting;
  assert.deepEqual([held, streams.hasMovie('door1234')], [['encoded'], false]);
  await push();
  assert.equal(streams.hasMovie('door1234'), true);
});

test('who waits for a stream that turns out not to come gets an encoded one at once', async () => {
  const { clock, streams, push, held } = bench();
  const waiting = streams.hold('door1234', never);
  await settle();
  assert.deepEqual(held, ['connected']);
  streams.inlet('door1234').unfit?.();
  await settle();
  assert.deepEqual(held, ['connected', 'no connected', 'encoded']);
  await push('H264', true);
  (await waiting)[Symbol.dispose]();
  assert.equal(clock.waiting, 0);
});

test('what is unknown or switched off is refused by name, and leaving ends the wait', async () => {
  await assert.rejects(bench(undefined).streams.hold('nobody12', never), { code: 'not-found' });
  const off = bench(aSource({ enabled: false }));
  await assert.rejects(off.streams.hold('door1234', never), {
    code: 'source-disabled',
    message: /Front door is switched off/,
  });
  const gone = new AbortController();
  const { streams, held } = bench();
  const left = assert.rejects(streams.hold('door1234', gone.signal), { message: 'left' });
  await settle();
  gone.abort(new Error('left'));
  await left;
  assert.deepEqual(held, ['connected', 'no connected']);
});
