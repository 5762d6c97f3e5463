import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intervalMs, scheduleSchema } from '#server/model/schedule.ts';
import { sourceDraftSchema } from '#server/model/source.ts';
import { maySee } from '#server/model/user.ts';

test('a draft needs a name and a kind; the rest has defaults', () => {
  const draft = sourceDraftSchema.parse({ name: ' Door ', kind: 'rtsp' });
  assert.equal(draft.name, 'Door');
  assert.equal(draft.enabled, true);
  assert.equal(draft.keep.newest, 200);
  assert.equal(draft.schedule, undefined);
});

test('an unknown key is refused by name', () => {
  const checked = sourceDraftSchema.safeParse({ name: 'Door', kind: 'rtsp', colour: 'red' });
  assert.match(checked.error?.message ?? '', /colour/);
});

test('schedules are live, an interval or cron with a real time zone', () => {
  const good = [
    'live',
    '10s',
    '200ms',
    '7d',
    { cron: '0 7 * * *' },
    { cron: '0 7 * * 1', timezone: 'Europe/Berlin' },
  ];
  for (const schedule of good)
    assert.ok(scheduleSchema.safeParse(schedule).success, JSON.stringify(schedule));
  const bad = ['', 'now', '100ms', '8d', { cron: 'x' }, { cron: '0 7 * * *', timezone: 'Mars/Base' }, 5];
  for (const schedule of bad)
    assert.ok(!scheduleSchema.safeParse(schedule).success, JSON.stringify(schedule));
  assert.equal(intervalMs('10s'), 10_000);
  assert.equal(intervalMs('live'), undefined);
});

test('a cron expression that never comes true is refused, rare ones are not', () => {
  const good = ['0 0 29 2 *', '*/5 * * * * *', '0 0 L * *', '0 7 * JAN 1-5', '0 0 * * 7'];
  for (const cron of good) assert.ok(scheduleSchema.safeParse({ cron }).success, cron);
  const bad = ['99 99 * * *', '60 * * * *', '0 0 30 2 *', '0 0 31 2,4 *', '5-1 * * * *', 'a b c d e'];
  for (const cron of bad) assert.ok(!scheduleSchema.safeParse({ cron }).success, cron);
});

test('a limited viewer sees its groups only; an admin sees all', () => {
  assert.ok(maySee({ role: 'viewer', groups: ['yard'] }, ['yard', 'front']));
  assert.ok(!maySee({ role: 'viewer', groups: ['yard'] }, ['front']));
  assert.ok(!maySee({ role: 'operator', groups: [] }, []));
  assert.ok(maySee({ role: 'admin', groups: [] }, []));
  assert.ok(maySee({ role: 'viewer', groups: null }, []));
});
