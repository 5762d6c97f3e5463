import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createSecretBox } from '#server/base/secret.ts';
import { initialState, type SourceState } from '#server/model/state.ts';
import { openDatabase } from '#server/store/database.ts';
import { MissingSources } from '#server/store/missing-sources.ts';
import { SourceStates } from '#server/store/states.ts';
import { openHistory } from '#server/wiring/history.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';

const NOON = '2026-01-01T12:00:00.000Z';

async function database(t: TestContext) {
  const opened = await openDatabase(':memory:', new FakeClock());
  t.after(() => opened[Symbol.asyncDispose]());
  return opened.db;
}

const state = (sourceId: string, change: Partial<SourceState> = {}): SourceState => ({
  ...initialState(sourceId, true, NOON),
  ...change,
});

test('the last state of a source is there again, without what a start begins anew', async t => {
  const db = await database(t);
  const states = new SourceStates(db);
  await states.save([state('door1234'), state('gate1234')], 1);
  const seen = { lastFrameAt: NOON, captureMs: 7, width: 64, height: 48, bytes: 9 };
  await states.save([state('door1234', { ...seen, frames: 5, status: 'error' })], 2);
  assert.deepEqual((await states.lastSeen()).get('door1234'), seen);
  await states.removeOf('door1234');
  assert.deepEqual([...(await states.lastSeen()).keys()], ['gate1234']);
});

test('states are written all or none, and what cannot be read is left out', async t => {
  const db = await database(t);
  const states = new SourceStates(db);
  const broken = { ...state('gate1234'), frames: 1n } as never;
  await assert.rejects(states.save([state('door1234'), broken], 1));
  assert.equal((await states.lastSeen()).size, 0);
  for (const text of ['{', '5', '{"lastFrameAt": 3}'])
    await db.insertInto('states').values({ source_id: text, at: 1, state: text }).execute();
  assert.equal((await states.lastSeen()).size, 0);
});

test('a history knows the last picture of a source, also when a capture is newer than the state', async t => {
  const file = join(await temporaryFolder(t), 'history.db');
  const clock = new FakeClock();
  const open = () => openHistory(file, createSecretBox('0123456789abcdef'), clock);
  const first = await open();
  assert.equal(first.lastSeen.size, 0);
  await first.states.save([state('door1234', { lastFrameAt: NOON, width: 64 })], clock.now());
  const same = { type: 'image/jpeg', width: 1, height: 1, bytes: 1, isStarred: false } as const;
  const newer = '2026-01-01T12:00:09.000Z';
  const kept = [
    ['c1', 'door1234', newer],
    ['c2', 'gate1234', NOON],
  ] as const;
  for (const [id, sourceId, at] of kept)
    await first.captures.add({ ...same, id, sourceId, at, reason: 'schedule' });
  await first[Symbol.asyncDispose]();
  const second = await open();
  t.after(() => second[Symbol.asyncDispose]());
  assert.deepEqual([...second.lastSeen].map(([id, seen]) => [id, seen.lastFrameAt, seen.width]).sort(), [
    ['door1234', newer, 64],
    ['gate1234', NOON, null],
  ]);
});

test('a source is missed for as long as the hub ran since it was first noted, until it is back', async t => {
  const missing = new MissingSources(await database(t));
  await missing.note(['door1234', 'gate1234'], 0);
  assert.deepEqual([...(await missing.note(['door1234', 'yard1234'], 200))].sort(), [
    ['door1234', 200],
    ['yard1234', 0],
  ]);
  assert.equal((await missing.note(['gate1234'], 300)).get('gate1234'), 0, 'it was back in between');
  assert.equal((await missing.note(['gate1234'], 50)).get('gate1234'), 50);
  assert.equal((await missing.note([], 400)).size, 0);
});
