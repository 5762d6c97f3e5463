import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { nextTickAt, ticks } from '#server/stages/watch/ticks.ts';
import { FakeClock } from '#test/fakes/clock.ts';

test('intervals: the first tick at once, then on the beat', async () => {
  const clock = new FakeClock();
  const abort = new AbortController();
  const times: number[] = [];
  const reading = (async () => {
    for await (const _ of ticks('10s', clock, abort.signal)) times.push(clock.monotonic());
  })();
  await clock.advance(35_000);
  assert.deepEqual(times, [0, 10_000, 20_000, 30_000]);
  abort.abort();
  await assert.rejects(reading, { name: 'AbortError' });
  assert.equal(clock.waiting, 0);
});

test('cron ticks by the machine’s clock and ends with the signal', async () => {
  const abort = new AbortController();
  const everySecond = { cron: '* * * * * *', timezone: 'Europe/Berlin' };
  const stream = ticks(everySecond, systemClock, abort.signal);
  await stream.next();
  const before = Math.floor(Date.now() / 1000);
  await stream.next();
  assert.ok(Math.floor(Date.now() / 1000) > before, 'a new second has begun');
  const waiting = stream.next();
  abort.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
});

test('the next tick of a cron expression is counted in its time zone', () => {
  const hourIn = (timezone: string) => {
    const at = nextTickAt({ cron: '0 7 * * *', timezone }, Date.now());
    return new Date(at ?? 0).toLocaleTimeString('en-GB', { timeZone: timezone });
  };
  assert.equal(hourIn('Asia/Tokyo'), '07:00:00');
  assert.equal(hourIn('America/New_York'), '07:00:00');
  assert.equal(nextTickAt('1m', 5000), 65_000);
  assert.equal(nextTickAt('live', 5000), null);
  assert.equal(nextTickAt({ cron: '99 99 * * *', timezone: 'UTC' }, 5000), null);
  assert.equal(nextTickAt({ cron: '0 7 31 2 *', timezone: 'UTC' }, 5000), null);
});
