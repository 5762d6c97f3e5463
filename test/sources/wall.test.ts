import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Bus } from '#server/base/bus.ts';
import { Interest } from '#server/base/interest.ts';
import type { Picture } from '#server/model/frame.ts';
import { initialState, type SourceState } from '#server/model/state.ts';
import type { SourceContext } from '#server/sources/kind.ts';
import wall from '#server/sources/wall.ts';
import { otherPictures } from '#server/wiring/other-pictures.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { jpeg } from '#test/fakes/pictures.ts';
import { sourceContext } from '#test/fakes/source-context.ts';
import { until } from '#test/fakes/until.ts';
import { aSource } from '#test/fakes/watch-bench.ts';

const OPTIONS = { sources: ['door1234', 'yard1234'], width: 320, height: 180 };
const optionsFor = (more: object = {}) => wall.options.parse({ ...OPTIONS, ...more });

/** Two sources whose pictures come by hand. */
class Others implements Pick<SourceContext, 'pictures'> {
  readonly kinds = new Map([
    ['door1234', 'rtsp'],
    ['yard1234', 'rtsp'],
  ]);
  readonly troubles = new Map<string, string>();
  readonly latest = new Map<string, Picture>();
  readonly ears = new Set<() => void>();
  seats = 0;
  readonly pictures: SourceContext['pictures'] = {
    find: id => {
      const kind = this.kinds.get(id);
      return kind === undefined
        ? undefined
        : { name: `The ${id}`, kind, isHidden: false, trouble: this.troubles.get(id) ?? '' };
    },
    latest: id => this.latest.get(id),
    listen: (_id, call) => {
      this.ears.add(call);
      return { [Symbol.dispose]: () => void this.ears.delete(call) };
    },
    look: () => {
      this.seats++;
      return { [Symbol.dispose]: () => void this.seats-- };
    },
  };

  async put(id: string, colour: string): Promise<void> {
    this.latest.set(id, await jpeg(colour));
    for (const ear of this.ears) ear();
  }
}

async function hang(t: TestContext, more: object = {}) {
  const others = new Others();
  const clock = new FakeClock();
  const looking = new Interest();
  const run = await sourceContext({ pictures: others.pictures, clock, looking });
  const seen: Picture[] = [];
  const done = (async () => {
    for await (const picture of wall.frames(optionsFor(more), run.context)) seen.push(picture);
  })();
  t.after(async () => {
    run.stop();
    await done.catch(() => undefined);
    await run[Symbol.asyncDispose]();
  });
  return { others, clock, looking, seen, run, done };
}

test('the wall is drawn at once, and again only when a tile changed, at its own pace', async t => {
  const { others, clock, seen } = await hang(t, { fps: 1 });
  await until('it is drawn', () => seen.length === 1);
  await clock.advance(60_000);
  assert.equal(seen.length, 1, 'nothing changed');
  for (const colour of ['red', 'green', 'blue']) await others.put('door1234', colour);
  await until('it is drawn again', () => seen.length === 2);
  await others.put('yard1234', 'red');
  await settle();
  assert.equal(seen.length, 2, 'one a second at most');
  await clock.advance(1000);
  await until('the rest is drawn', () => seen.length === 3);
  assert.deepEqual([seen[2]?.width, seen[2]?.height, seen[2]?.type], [320, 180, 'image/jpeg']);
  assert.notDeepEqual(seen[1]?.image, seen[2]?.image);
});

test('a tile whose source fails or goes is drawn anew, and again when it is back', async t => {
  const { others, clock, seen } = await hang(t, { fps: 10, labels: false });
  await until('it is drawn', () => seen.length === 1);
  const drawn = async (count: number) => {
    await clock.advance(1000);
    await until('it is drawn anew', () => seen.length === count);
    return seen.at(-1)?.image;
  };
  const turn = (count: number) => {
    for (const ear of others.ears) ear();
    return drawn(count);
  };
  await others.put('door1234', 'red');
  const fine = await drawn(2);
  others.troubles.set('door1234', 'Not answering');
  assert.notDeepEqual(await turn(3), fine);
  others.troubles.clear();
  assert.deepEqual(await turn(4), fine);
  others.kinds.delete('door1234');
  assert.notDeepEqual(await turn(5), fine);
});

test('while the wall is looked at, so are its sources', async t => {
  const { others, clock, looking } = await hang(t);
  await settle();
  assert.equal(others.seats, 0);
  const seat = looking.add();
  await settle();
  assert.equal(others.seats, 2);
  seat[Symbol.dispose]();
  await clock.advance(10_000);
  assert.equal(others.seats, 0);
});

test('nothing is left when the run ends', async t => {
  const { others, looking, run, done } = await hang(t);
  looking.add();
  await settle();
  run.stop();
  await done.catch(() => undefined);
  await settle();
  assert.deepEqual([others.ears.size, others.seats], [0, 0]);
});

test('one picture is enough when one is wanted, also of sources that are gone', async () => {
  const others = new Others();
  others.kinds.clear();
  await using run = await sourceContext({ pictures: others.pictures, isSingle: true });
  assert.equal((await Array.fromAsync(wall.frames(optionsFor(), run.context))).length, 1);
});

test('a wall hangs on no wall, least of all on itself', async () => {
  const others = new Others();
  others.kinds.set('yard1234', 'wall');
  const refused = { code: 'settings-invalid', message: /a wall hangs on no wall/ };
  await using run = await sourceContext({ pictures: others.pictures });
  await assert.rejects(Array.fromAsync(wall.frames(optionsFor(), run.context)), refused);
  others.kinds.set('yard1234', 'rtsp');
  await using self = await sourceContext({ pictures: others.pictures, sourceId: 'door1234' });
  await assert.rejects(Array.fromAsync(wall.frames(optionsFor(), self.context)), refused);
});

for (const sources of [['door1234'], ['door1234', 'door1234'], ['door1234', 'NO'], Array(17).fill('x')])
  test(`the list ${JSON.stringify(sources).slice(0, 40)} is refused where it is written`, () => {
    assert.equal(wall.options.safeParse({ ...OPTIONS, sources }).success, false);
  });

test('what only admins may see stays hidden, unless the wall is for admins, too', () => {
  const hidden = { hidden: true };
  const door = aSource({ id: 'door1234', privacy: hidden });
  let here = aSource({ id: 'wall1234', kind: 'wall' });
  const find = (id: string) => [door, here].find(source => source.id === id);
  let status: SourceState['status'] = 'ok';
  const others = otherPictures(here, {
    ...{ bus: new Bus(() => assert.fail('a listener failed')), sources: { find } },
    watching: () => assert.fail('not asked'),
    states: { of: id => ({ ...initialState(id, true, ''), status }) },
  });
  assert.equal(others.find('door1234')?.trouble, '');
  status = 'error';
  assert.equal(others.find('door1234')?.trouble, 'Not answering');
  assert.equal(others.find('door1234')?.isHidden, true);
  here = { ...here, privacy: hidden };
  assert.equal(others.find('door1234')?.isHidden, false);
  assert.equal(others.find('gone1234'), undefined);
  assert.equal(others.latest('gone1234'), undefined);
});
