/** When the clock of a stream counts as set anew, and when a network was only slow. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StreamClock } from '#server/base/stream-clock.ts';

/** Ten units a second for so long, `atMs` giving the media time of each; how long it took to be noticed. */
function noticedAfter(seconds: number, mediaMs: (wallMs: number) => number, startTicks = 0) {
  let nowMs = 0;
  const stream = new StreamClock({ monotonic: () => nowMs }, 90_000);
  for (let wallMs = 0; wallMs < seconds * 1000; wallMs += 100) {
    if (stream.hasJumped((startTicks + mediaMs(wallMs) * 90) >>> 0)) return wallMs;
    nowMs += 100;
  }
  return undefined;
}

test('a steady stream never counts, not when its time wraps nor when it is a little fast', () => {
  assert.equal(
    noticedAfter(600, ms => ms),
    undefined,
  );
  assert.equal(
    noticedAfter(600, ms => ms, 2 ** 32 - 90_000),
    undefined,
  );
  assert.equal(
    noticedAfter(600, ms => ms * 1.05),
    undefined,
  );
});

test('a clock that is set back, ahead, or stands still is noticed within seconds', () => {
  for (const after of [
    (_ms: number) => 60_000,
    (ms: number) => ms - 50_000,
    (ms: number) => ms + 3_600_000,
  ]) {
    const noticed = noticedAfter(120, ms => (ms < 60_000 ? ms : after(ms))) ?? assert.fail('never');
    assert.ok(noticed >= 60_000 && noticed <= 75_000, String(noticed));
  }
});

test('what a network held back and brings in one burst is no jump', () => {
  let nowMs = 0;
  const stream = new StreamClock({ monotonic: () => nowMs }, 90_000);
  const seen: boolean[] = [];
  const unit = (mediaMs: number) => seen.push(stream.hasJumped(mediaMs * 90));
  for (let round = 0; round < 20; round++) {
    const startMs = round * 10_000;
    for (let ms = 0; ms < 2000; ms += 100) {
      unit(startMs + ms);
      nowMs += 100;
    }
    nowMs += 7900;
    for (let ms = 2000; ms < 10_000; ms += 100) unit(startMs + ms);
    nowMs += 100;
  }
  assert.ok(!seen.includes(true));
});
