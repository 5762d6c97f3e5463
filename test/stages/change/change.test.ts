import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import type { PictureDiff } from '#server/base/picture-diff.ts';
import type { Box } from '#server/base/picture-diff-regions.ts';
import { DiffThread, type PictureDiffer } from '#server/base/picture-diff-thread.ts';
import type { Frame, PageFacts } from '#server/model/frame.ts';
import { type Source, sourceSchema } from '#server/model/source.ts';
import { createChange } from '#server/stages/change/change.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { digit, drawnPage } from '#test/fakes/drawn-page.ts';
import { listLog, payloads, recordingBus } from '#test/fakes/watch-bench.ts';

const sourceId = 'page1234';
const EVERY_MS = 10_000;

function page(over: Record<string, unknown> = {}): Source {
  const change = { enabled: true };
  return sourceSchema.parse({ id: sourceId, name: 'News', kind: 'website', schedule: '1m', change, ...over });
}

const NOTHING: PictureDiff = {
  ...{ isChanged: false, rung: 'cells', share: 0, boxes: [], distance: 0 },
  ...{ columns: 4, rows: 4, scale: 1, moved: new Uint8Array(16) },
};
const EDIT: PictureDiff = {
  ...NOTHING,
  isChanged: true,
  share: 0.02,
  boxes: [{ left: 8, top: 8, width: 8, height: 8 }],
  moved: new Uint8Array(16).fill(1, 5, 6),
};

/** Answers as told, and remembers what it was asked. */
class FakeDiffer implements PictureDiffer {
  readonly asked: Array<{ before: string; after: string; ignore: readonly Box[] }> = [];
  answer: (before: string, after: string) => PictureDiff | Promise<PictureDiff> = () => NOTHING;

  async diff(before: Buffer, after: Buffer, ignore: readonly Box[]): Promise<PictureDiff> {
    this.asked.push({ before: String(before), after: String(after), ignore });
    return this.answer(String(before), String(after));
  }

  get pairs(): string[] {
    return this.asked.map(({ before, after }) => `${before} ${after}`);
  }
}

function bench(source = page(), differ: PictureDiffer = new FakeDiffer()) {
  const { bus, told } = recordingBus();
  const clock = new FakeClock();
  const logged: string[] = [];
  const sources = new Map([[sourceId, source]]);
  const frames = new Map<string, Frame>();
  const kept: string[] = [];
  const change = createChange({
    ...{ bus, clock, log: listLog(logged), differ },
    find: id => sources.get(id),
    latest: id => frames.get(id),
    keep: async frame => void kept.push(String(frame.image)),
    familyOf: kind => (kind === 'website' ? 'website' : 'camera'),
  });
  let sequence = 0;
  const show = (image: string | Buffer, facts: PageFacts = {}) => {
    const size = { width: 640, height: 400 };
    const frame: Frame = {
      ...{ sourceId, sequence: sequence++, image: Buffer.from(image), type: 'image/jpeg', ...size },
      ...{ at: clock.now(), page: facts },
    };
    frames.set(sourceId, frame);
    bus.emit('source.captured', { sourceId, at: frame.at, bytes: frame.image.length, ...size });
  };
  /** Shows pictures, each when the one before may be compared again. */
  const showAll = async (...images: string[]) => {
    for (const image of images) {
      show(image);
      await change.settled();
      await clock.advance(EVERY_MS);
    }
  };
  const edit = (after: Source) => {
    const before = sources.get(sourceId) ?? after;
    sources.set(sourceId, after);
    bus.emit('source.changed', { source: after, before });
  };
  return { bus, told, clock, logged, sources, kept, change, show, showAll, edit };
}

test('each picture is compared with the one before, and a change is told with its places', async () => {
  const differ = new FakeDiffer();
  differ.answer = (_, after) => (after === 'c' ? EDIT : NOTHING);
  const { change, showAll, told } = bench(page(), differ);
  await using _ = change;
  await showAll('a', 'b', 'c', 'd');
  assert.deepEqual(differ.pairs, ['a b', 'b c', 'c d']);
  assert.deepEqual(payloads(told, 'page.changed'), [
    {
      ...{ sourceId, at: Date.UTC(2026, 0, 1) + 2 * EVERY_MS, share: 0.02 },
      ...{ boxes: EDIT.boxes, width: 640, height: 400 },
    },
  ]);
});

test('cameras, and pages that did not ask for it, are not compared', async () => {
  for (const source of [page({ kind: 'rtsp' }), page({ change: {} })]) {
    const differ = new FakeDiffer();
    const { change, showAll } = bench(source, differ);
    await using _ = change;
    await showAll('a', 'b');
    assert.deepEqual(differ.pairs, []);
  }
});

test('a page that fails is no change: it is compared again when it is back', async () => {
  const differ = new FakeDiffer();
  const { change, show, showAll, clock } = bench(page(), differ);
  await using _ = change;
  await showAll('a');
  show('sorry', { httpStatus: 503 });
  await change.settled();
  await clock.advance(EVERY_MS);
  await showAll('b');
  assert.deepEqual(differ.pairs, ['a b']);
});

test('a page that is looked at each second is compared every ten', async () => {
  const differ = new FakeDiffer();
  const { change, show, clock } = bench(page(), differ);
  await using _ = change;
  for (let second = 0; second <= 20; second++) {
    show(`${second}`);
    await change.settled();
    await clock.advance(1000);
  }
  assert.deepEqual(differ.pairs, ['0 10', '10 20']);
});

test('the picture that shows a change is kept, unless the page keeps none', async () => {
  for (const [newest, expected] of [
    [200, ['b']],
    [0, []],
  ] as const) {
    const differ = new FakeDiffer();
    differ.answer = (_, after) => (after === 'b' ? EDIT : NOTHING);
    const { change, showAll, kept } = bench(page({ keep: { newest } }), differ);
    await using _ = change;
    await showAll('a', 'b', 'c');
    assert.deepEqual(kept, expected);
  }
});

test('a change smaller than wanted is not told', async () => {
  for (const [least, many] of [
    [3, 0],
    [1, 1],
  ]) {
    const differ = new FakeDiffer();
    differ.answer = () => EDIT;
    const { change, showAll, told } = bench(page({ change: { enabled: true, least } }), differ);
    await using _ = change;
    await showAll('a', 'b');
    assert.equal(payloads(told, 'page.changed').length, many, `${least} %`);
  }
});

test('places in percent are left out, and so are those that are restless unless that is not wanted', async () => {
  for (const learn of [true, false]) {
    const differ = new FakeDiffer();
    differ.answer = () => EDIT;
    const ignore = [{ left: 50, top: 25, width: 10, height: 5 }];
    const { change, showAll } = bench(page({ change: { enabled: true, learn, ignore } }), differ);
    await using _ = change;
    await showAll('a', 'b', 'c', 'd', 'e', 'f');
    const marked = { left: 320, top: 100, width: 64, height: 20 };
    assert.deepEqual(differ.asked[0]?.ignore, [marked]);
    const learned = { left: 0, top: 0, width: 32, height: 32 };
    assert.deepEqual(differ.asked[4]?.ignore, learn ? [marked, learned] : [marked]);
  }
});

test('another typeface is compared with the page as it was until it stays', async () => {
  const differ = new FakeDiffer();
  differ.answer = (_, after) => (after === 'F' ? { ...NOTHING, rung: 'typeface' } : NOTHING);
  const { change, showAll } = bench(page(), differ);
  await using _ = change;
  await showAll('a', 'F', 'b', 'F', 'F', 'F', 'c');
  assert.deepEqual(differ.pairs, ['a F', 'a b', 'b F', 'b F', 'b F', 'F c']);
});

test('another address starts anew; another name does not', async () => {
  const differ = new FakeDiffer();
  const { change, showAll, edit } = bench(page({ options: { url: 'http://a' } }), differ);
  await using _ = change;
  await showAll('a');
  edit(page({ name: 'Newspaper', options: { url: 'http://a' } }));
  await showAll('b');
  edit(page({ options: { url: 'http://b' } }));
  await showAll('c', 'd');
  assert.deepEqual(differ.pairs, ['a b', 'c d']);
});

test('what was found is forgotten when the page was edited meanwhile', async () => {
  const differ = new FakeDiffer();
  const { promise, resolve } = Promise.withResolvers<PictureDiff>();
  differ.answer = () => promise;
  const { change, show, showAll, edit, told, bus } = bench(page(), differ);
  await using _ = change;
  await showAll('a');
  show('b');
  edit(page({ options: { url: 'http://b' } }));
  resolve(EDIT);
  await change.settled();
  assert.deepEqual(payloads(told, 'page.changed'), []);
  bus.emit('source.removed', { source: page() });
});

test('a comparison that fails is logged, and the next one is made', async () => {
  const differ = new FakeDiffer();
  differ.answer = (_, after) => {
    if (after === 'b') throw new Error('broken picture');
    return EDIT;
  };
  const { change, showAll, logged, told } = bench(page(), differ);
  await using _ = change;
  await showAll('a', 'b', 'c');
  assert.match(logged.join(), /A page could not be compared/);
  assert.equal(payloads(told, 'page.changed').length, 1);
});

test('a pair that is given up because the hub stops is no failure', async () => {
  const differ = new FakeDiffer();
  differ.answer = () => Promise.reject(new GlimpserError('not-ready', 'The hub is stopping.'));
  const { change, showAll, logged } = bench(page(), differ);
  await showAll('a', 'b');
  await change[Symbol.asyncDispose]();
  assert.deepEqual(logged, []);
});

test('real pictures, compared in the thread: a digit is told where it stands', async () => {
  await using thread = new DiffThread(new FakeClock());
  const { change, show, clock, told } = bench(page(), thread);
  await using _ = change;
  for (const value of [3, 3, 8]) {
    show(await drawnPage({ extra: digit(value, 480, 200) }));
    await change.settled();
    await clock.advance(EVERY_MS);
  }
  const [found = assert.fail(), ...others] = payloads(told, 'page.changed');
  assert.equal(others.length, 0);
  const [box = assert.fail()] = found.boxes;
  assert.ok(box.left >= 472 && box.left < 500 && box.top >= 192 && box.top < 225, JSON.stringify(box));
});
