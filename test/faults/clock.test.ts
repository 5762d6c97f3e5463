/** Clocks that jump: an hour on or back, from 1970 at the start, by summer time; nothing is lost, overwritten, stuck or in a spin. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { sql } from 'kysely';
import type { Clock } from '#server/base/clock.ts';
import { createSecretBox } from '#server/base/secret.ts';
import { type Capture, captureFile } from '#server/model/capture.ts';
import type { Schedule } from '#server/model/schedule.ts';
import type { Source } from '#server/model/source.ts';
import { createForget } from '#server/stages/forget/forget.ts';
import { createKeep } from '#server/stages/keep/keep.ts';
import { nextTickAt, ticks } from '#server/stages/watch/ticks.ts';
import { openDatabase } from '#server/store/database.ts';
import { openHistory } from '#server/wiring/history.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { aSource, listLog, payloads, watchBench } from '#test/fakes/watch-bench.ts';

const [MINUTE, HOUR, WEEK, YEAR] = [60_000, 3_600_000, 604_800_000, 31_536_000_000];
const NEVER = new Date('1970-01-01T00:00:40Z').getTime();

/** Keeping and forgetting of one source that is looked at every minute, in a real history. */
async function setUp(t: TestContext, over: Partial<Source> = {}) {
  const b = watchBench();
  const folder = await temporaryFolder(t);
  const history = await openHistory(
    join(folder, 'history.db'),
    createSecretBox('a secret of the test'),
    b.clock,
  );
  const sources = [aSource({ schedule: '1m', keep: { every: '1m', newest: 3 }, ...over })];
  const find = (id: string) => sources.find(source => source.id === id);
  const log = listLog(b.logged);
  const common = {
    bus: b.bus,
    clock: b.clock,
    log,
    folder: join(folder, 'captures'),
    store: history.captures,
    find,
  };
  const keep = createKeep({ ...common, latest: id => b.watch.latest(id) });
  const startForget = () =>
    createForget({
      ...common,
      sources: () => sources,
      areSettingsSure: true,
      noteMissing: (ids, ranMs) => history.missing.note(ids, ranMs),
      historyFrom: history.beganAt.slice(0, 10),
      removeOf: async () => undefined,
      isWriting: id => keep.isWriting(id),
    });
  let forget = startForget();
  t.after(async () => {
    for (const part of [b.watch, keep, forget, history]) await part[Symbol.asyncDispose]();
  });
  let pictures = 0;
  return {
    ...b,
    sources,
    kept: async () => (await history.captures.list({ sourceIds: ['door1234'] })).items,
    files: async () =>
      (await readdir(common.folder, { recursive: true })).filter(name => name.endsWith('.jpg')),
    /** The source is looked at so often, a minute apart, and each picture is another. */
    async look(times: number) {
      for (let i = 0; i < times; i++) {
        b.runs.at(-1)?.send({ image: Buffer.from(`picture ${pictures++}`) });
        await b.clock.advance(0);
        await keep.settled();
        await forget.settled();
        await b.clock.advance(MINUTE);
      }
    },
    async settled() {
      await keep.settled();
      await forget.settled();
    },
    /** As after a restart of the hub. */
    async forgetAnew() {
      await forget[Symbol.asyncDispose]();
      forget = startForget();
      await forget.settled();
    },
  };
}

for (const [name, jump] of [
  ['an hour on', HOUR],
  ['an hour back', -HOUR],
  ['a year on', YEAR],
  ['back to 1970', NEVER - Date.UTC(2026, 0, 1)],
] as const) {
  test(`intervals go on at their pace when the clock jumps ${name}, and nothing kept is lost but the oldest`, async t => {
    const b = await setUp(t);
    b.watch.start(b.sources[0] ?? assert.fail());
    await b.clock.advance(0);
    await b.look(2);
    const before = b.runs.length;
    b.clock.jump(jump);
    assert.equal(b.runs.length, before, 'no look comes sooner');
    await b.look(1);
    assert.equal(b.runs.length, before + 1, 'none is left out, none comes twice');
    assert.equal((await b.kept()).length, 3, 'all that fits is there');
    await b.look(3);
    b.clock.jump(-jump);
    const last = new Set((await b.kept()).map(({ id }) => id));
    await b.look(1);
    const newer = (await b.kept()).filter(({ id }) => !last.has(id));
    assert.equal(newer.length, 1, 'the newest is kept, whatever time the others bear');
    await b.forgetAnew();
    const kept = await b.kept();
    assert.equal(kept.length, 3);
    assert.deepEqual((await b.files()).sort(), kept.map(fileOf).sort());
    assert.deepEqual(b.logged, []);
  });
}

function fileOf(capture: Capture): string {
  return captureFile(capture);
}

test('the same second comes twice: each picture is a file of its own, with its time in UTC', async t => {
  const b = await setUp(t, { keep: { every: '1m', newest: 100 } });
  b.watch.start(b.sources[0] ?? assert.fail());
  await b.clock.advance(0);
  for (let i = 0; i < 5; i++) {
    await b.look(1);
    b.clock.jump(-MINUTE);
  }
  const kept = await b.kept();
  assert.equal(new Set(kept.map(({ at }) => at)).size, 1);
  assert.match(kept[0]?.at ?? '', /^2026-01-01T00:00:00\.000Z$/);
  assert.equal((await b.files()).length, 5);
  assert.equal(new Set(payloads(b.told, 'capture.kept').map(({ capture }) => capture.id)).size, 5);
});

test('a clock that jumps ahead forgets no source that the settings lack; hours that the hub ran do', async t => {
  const b = await setUp(t);
  b.watch.start(b.sources[0] ?? assert.fail());
  await b.clock.advance(0);
  await b.look(2);
  b.sources.pop();
  await b.forgetAnew();
  for (const jump of [NEVER - b.clock.now(), Date.UTC(2026, 0, 1), 50 * YEAR]) {
    b.clock.jump(jump);
    await b.forgetAnew();
    await b.clock.advance(2 * HOUR);
    await b.settled();
    assert.equal((await b.kept()).length, 2, `at ${new Date(b.clock.now()).toISOString()}`);
  }
  for (let ran = 0; ran < WEEK; ran += HOUR) {
    await b.clock.advance(HOUR);
    await b.settled();
  }
  assert.deepEqual(await b.kept(), []);
});

test('a history that began on a clock in 1970 takes no picture for an orphan', async t => {
  const file = join(await temporaryFolder(t), 'history.db');
  const first = await openDatabase(file, new FakeClock());
  await sql`update kysely_migration set timestamp = ${new Date(NEVER).toISOString()}`.execute(first.db);
  await first[Symbol.asyncDispose]();
  await using second = await openDatabase(file, new FakeClock());
  assert.ok(second.beganAt > new Date().toISOString());
});

/** A clock at an instant. Cron is read by a package that asks `Date` itself, so that one follows. */
function machine(t: TestContext, now: string) {
  const clock = new FakeClock();
  t.mock.method(Date, 'now', () => clock.now());
  const set = (to: string) => clock.jump(new Date(to).getTime() - clock.now());
  set(now);
  return { clock, set, pass: (ms: number) => clock.advance(ms) };
}

/** When a schedule ticks, after its first tick at once. */
async function ticking(t: TestContext, schedule: Schedule, clock: Clock) {
  const abort = new AbortController();
  const times: string[] = [];
  const reading = (async () => {
    for await (const _ of ticks(schedule, clock, abort.signal))
      times.push(new Date(clock.now()).toISOString());
  })();
  t.after(async () => {
    abort.abort();
    await assert.rejects(reading, { name: 'AbortError' });
  });
  await settle();
  times.length = 0;
  return times;
}

const AT_SEVEN = { cron: '0 7 * * *', timezone: 'UTC' };

test('cron follows a clock that is set from 1970 to now, and one that is set back', async t => {
  const { clock, set, pass } = machine(t, '1970-01-01T06:00:00Z');
  const times = await ticking(t, AT_SEVEN, clock);
  set('2026-03-01T06:50:00Z');
  await pass(11 * MINUTE);
  assert.deepEqual(
    times.map(hour),
    ['2026-03-01T06:50', '2026-03-01T07:00'],
    'what was passed over comes once',
  );
  set('2026-03-01T05:55:00Z');
  await pass(64 * MINUTE);
  assert.equal(times.length, 2, 'it waits for seven again');
  await pass(2 * MINUTE);
  assert.deepEqual(times.map(hour).slice(2), ['2026-03-01T07:00']);
  await pass(10 * MINUTE);
  assert.equal(times.length, 3, 'and does not spin');
});

test('cron that a jump of an hour passed over comes at once, and then by the new time', async t => {
  const { clock, set, pass } = machine(t, '2026-03-01T06:30:00Z');
  const times = await ticking(t, AT_SEVEN, clock);
  set('2026-03-01T07:30:00Z');
  await pass(MINUTE);
  assert.deepEqual(times.map(hour), ['2026-03-01T07:30']);
  await pass(23 * HOUR + 30 * MINUTE);
  assert.deepEqual(times.map(hour).slice(1), ['2026-03-02T07:00']);
});

function hour(iso: string): string {
  return iso.slice(0, 16);
}

test('summer time: a daily look comes once a day, also when its hour is left out or comes twice', t => {
  const { clock, set } = machine(t, '2026-01-01T00:00:00Z');
  const looks = (cron: string, from: string, many: number) => {
    set(from);
    return Array.from({ length: many }, () => {
      const at = nextTickAt({ cron, timezone: 'Europe/Berlin' }, clock.now()) ?? assert.fail();
      clock.jump(at - clock.now());
      return new Date(at).toISOString().slice(5, 16);
    });
  };
  assert.deepEqual(looks('0 7 * * *', '2026-03-28T12:00:00Z', 2), ['03-29T05:00', '03-30T05:00']);
  assert.deepEqual(looks('0 7 * * *', '2026-10-24T12:00:00Z', 2), ['10-25T06:00', '10-26T06:00']);
  assert.deepEqual(looks('30 2 * * *', '2026-03-28T12:00:00Z', 2), ['03-29T01:30', '03-30T00:30']);
  assert.deepEqual(looks('30 2 * * *', '2026-10-24T12:00:00Z', 2), ['10-25T00:30', '10-26T01:30']);
  assert.deepEqual(looks('0 * * * *', '2026-03-29T00:30:00Z', 2), ['03-29T01:00', '03-29T02:00']);
  assert.deepEqual(looks('0 * * * *', '2026-10-24T23:30:00Z', 3), [
    '10-25T00:00',
    '10-25T01:00',
    '10-25T02:00',
  ]);
});
