import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patienceOf } from '#server/stages/watch/plan.ts';
import { Pulse } from '#server/stages/watch/pulse.ts';
import { FakeClock } from '#test/fakes/clock.ts';

function listen() {
  const clock = new FakeClock();
  const patience = patienceOf({ manner: 'stream' }, { isContinuous: true, everyMs: 0, isOnDemand: false });
  const silences: Array<[ms: number, hasPicture: boolean]> = [];
  const pulse = new Pulse(clock, patience, (ms, hasPicture) => silences.push([ms, hasPicture]));
  pulse.start();
  return { clock, pulse, silences };
}

test('only a picture ends the wait for the first one', async () => {
  const { clock, pulse, silences } = listen();
  for (let i = 0; i < 30; i++) {
    pulse.alive();
    await clock.advance(1000);
  }
  assert.deepEqual(silences, [[20_000, false]]);
});

test('between rare pictures the stream itself tells within seconds that it has stopped', async () => {
  const { clock, pulse, silences } = listen();
  pulse.picture();
  for (let i = 0; i < 300; i++) {
    pulse.alive();
    await clock.advance(100);
    if (i % 100 === 99) pulse.picture();
    pulse.alive();
  }
  assert.deepEqual(silences, []);
  await clock.advance(5100);
  assert.deepEqual(silences, [[5000, true]]);
});

test('a stream that lives and gives no pictures any more is silent after a minute', async () => {
  const { clock, pulse, silences } = listen();
  pulse.picture();
  for (let i = 0; i < 700 && silences.length === 0; i++) {
    pulse.alive();
    await clock.advance(100);
  }
  assert.equal(silences.length, 1);
  assert.ok(clock.monotonic() >= 59_000);
});
