import assert from 'node:assert/strict';
import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { createSecretBox } from '#server/base/secret.ts';
import type { Capture } from '#server/model/capture.ts';
import { Audit } from '#server/store/audit.ts';
import { Captures } from '#server/store/captures.ts';
import { openDatabase } from '#server/store/database.ts';
import { Events } from '#server/store/events.ts';
import { HubValues } from '#server/store/hub-values.ts';
import { Keys } from '#server/store/keys.ts';
import { Sessions } from '#server/store/sessions.ts';
import { Users } from '#server/store/users.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';

async function history(t: TestContext) {
  const opened = await openDatabase(':memory:', systemClock);
  t.after(() => opened[Symbol.asyncDispose]());
  return opened.db;
}

const capture = (id: string, ms: number, over: Partial<Capture> = {}): Capture => ({
  id,
  sourceId: 'door1234',
  at: new Date(ms).toISOString(),
  reason: 'schedule',
  type: 'image/jpeg',
  width: 64,
  height: 48,
  bytes: 100,
  isStarred: false,
  ...over,
});

test('the history is for its owner alone, also one that was open to all', async t => {
  const file = join(await temporaryFolder(t), 'history.db');
  for (const mode of [undefined, 0o644]) {
    if (mode !== undefined) await chmod(file, mode);
    await using opened = await openDatabase(file, systemClock);
    await new Users(opened.db).count();
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  }
});

test('captures are listed newest first, page by page, also within one instant', async t => {
  const captures = new Captures(await history(t));
  for (let i = 0; i < 7; i++) await captures.add(capture(`c${i}`, 1000 + Math.floor(i / 3)));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await captures.list({ limit: 2, cursor });
    seen.push(...page.items.map(item => item.id));
    cursor = page.next ?? undefined;
  } while (cursor);
  assert.deepEqual(seen, ['c6', 'c5', 'c4', 'c3', 'c2', 'c1', 'c0']);
  await assert.rejects(captures.list({ cursor: 'x' }), { code: 'body-invalid' });
  assert.deepEqual((await captures.list({ sourceIds: [] })).items, []);
});

test('what lies beyond the newest is found oldest first, and starred captures never', async t => {
  const captures = new Captures(await history(t));
  for (let i = 0; i < 6; i++) await captures.add(capture(`c${i}`, 1000 + i, { isStarred: i === 0 }));
  const ids = (found: Capture[]) => found.map(one => one.id);
  assert.deepEqual(ids(await captures.beyondNewest('door1234', 3, 10)), ['c1', 'c2']);
  assert.deepEqual(ids(await captures.beyondNewest('door1234', 0, 2)), ['c1', 'c2']);
  assert.deepEqual(ids(await captures.beyondNewest('door1234', 10, 2)), []);
  assert.deepEqual(await captures.totals(), { captures: 6, bytes: 600 });
  assert.equal((await captures.star('c1', true))?.isStarred, true);
  await captures.remove(['c2']);
  assert.equal(await captures.find('c2'), undefined);
});

test('an event lasts until it is closed, once', async t => {
  const events = new Events(await history(t));
  const event = {
    id: 'e1',
    sourceId: 'door1234',
    type: 'source_lost',
    summary: 'Lost.',
    closedAt: null,
  } as const;
  await events.open({ ...event, openedAt: '2026-01-01T00:00:00.000Z' });
  assert.equal((await events.openOf('door1234', 'source_lost'))?.id, 'e1');
  await events.close('e1', '2026-01-01T00:01:00.000Z');
  await events.close('e1', '2026-01-01T09:00:00.000Z');
  assert.equal((await events.find('e1'))?.closedAt, '2026-01-01T00:01:00.000Z');
  assert.equal((await events.list({ isOpen: true })).items.length, 0);
});

test('the newest events of each source are kept, and what lasts still', async t => {
  const events = new Events(await history(t));
  const add = (n: number, sourceId: string, closedAt: string | null = new Date(n).toISOString()) =>
    events.open({
      ...{ id: `${sourceId}-${n}`, sourceId, type: 'source_lost', summary: '', closedAt },
      openedAt: new Date(n).toISOString(),
    });
  await add(0, 'door1234', null);
  for (let n = 1; n <= 5; n++) await add(n, 'door1234');
  await add(1, 'gate1234');
  await events.sweep('door1234', 2);
  const ids = (await events.list({})).items.map(event => event.id);
  assert.deepEqual(ids.sort(), ['door1234-0', 'door1234-4', 'door1234-5', 'gate1234-1']);
});

test('events are swept as they come, with the first after a start and every hundredth', async t => {
  const db = await history(t);
  const swept: number[] = [];
  class Counted extends Events {
    override async sweep(sourceId: string): Promise<void> {
      swept.push(await this.count(sourceId));
    }
  }
  const events = new Counted(db);
  const event = { sourceId: 'door1234', type: 'source_lost', summary: '', closedAt: null } as const;
  for (let n = 1; n <= 201; n++)
    await events.open({ ...event, id: `e${n}`, openedAt: new Date(n).toISOString() });
  assert.deepEqual(swept, [1, 101, 201]);
});

test('users are found without case; a taken name is refused; sessions go with their user', async t => {
  const db = await history(t);
  const [users, sessions] = [new Users(db), new Sessions(db)];
  const ann = await users.add({ name: 'Ann', role: 'admin', groups: null, passwordHash: 'h' }, 5);
  assert.equal((await users.findByName('ANN'))?.passwordHash, 'h');
  const taken = users.add({ name: 'ann', role: 'viewer', groups: ['yard'], passwordHash: 'h' }, 5);
  await assert.rejects(taken, { code: 'conflict' });
  const made = {
    userId: ann.id,
    tokenHash: 't',
    refreshHash: 'r',
    at: 10,
    expiresAt: 100,
    address: '::1',
    agent: 'x',
  };
  const session = await sessions.add(made);
  assert.equal((await sessions.findByToken('t', 50))?.id, session.id);
  assert.equal(await sessions.findByToken('t', 100), undefined, 'expired');
  assert.equal(await sessions.renew(session.id, 'r', 'r2', 50), true);
  assert.equal(await sessions.renew(session.id, 'r', 'r3', 50), false, 'used up');
  await users.remove(ann.id);
  assert.equal(await sessions.find(session.id, 50), undefined);
});

test('keys are found by hash; values are sealed; the audit keeps the newest', async t => {
  const db = await history(t);
  const keys = new Keys(db);
  const key = await keys.add(
    { name: 'NVR', prefix: 'glk_ab', keyHash: 'h', role: 'viewer', groups: ['yard'] },
    1,
  );
  assert.deepEqual((await keys.findByHash('h'))?.groups, ['yard']);
  assert.equal((await keys.update(key.id, { role: 'operator' })).role, 'operator');
  const values = new HubValues(db, createSecretBox('0123456789abcdef'));
  await values.set('broker', 'one');
  await values.set('broker', 'two');
  assert.equal(await values.get('broker'), 'two');
  const raw = await db.selectFrom('hub_values').selectAll().executeTakeFirstOrThrow();
  assert.match(raw.sealed, /^enc:v1:/);
  const audit = new Audit(db);
  for (let i = 0; i < 5; i++)
    await audit.append({ who: 'ann', action: `a${i}`, target: 'hub', detail: '' }, i);
  await audit.sweep(2);
  assert.deepEqual(
    (await audit.list({})).items.map(entry => entry.action),
    ['a4', 'a3'],
  );
});

test('a damaged file is put aside, a new history starts and it is said', async t => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'history.db');
  await writeFile(file, 'this is no database, only some text that is long enough'.repeat(100));
  await using opened = await openDatabase(file, systemClock);
  assert.match(opened.notices.join(), /was damaged.*put aside/);
  assert.equal(await new Users(opened.db).count(), 0);
  assert.ok((await readdir(folder)).some(name => name.startsWith('history.damaged-')));
});

test('a history of a newer version stops the start and is left alone', async t => {
  const file = join(await temporaryFolder(t), 'history.db');
  {
    await using opened = await openDatabase(file, systemClock);
    const row = { name: '9999-future', timestamp: new Date().toISOString() };
    await (
      opened.db as never as { insertInto(t: string): { values(v: object): { execute(): Promise<void> } } }
    )
      .insertInto('kysely_migration')
      .values(row)
      .execute();
  }
  await assert.rejects(openDatabase(file, systemClock), {
    code: 'database-failed',
    message: /newer Glimpser/,
  });
});
