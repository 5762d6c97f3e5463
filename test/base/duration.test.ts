import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationMs, formatDuration, parseDuration } from '#server/base/duration.ts';

test('durations are read as people write them', () => {
  const table = {
    '500ms': 500,
    '10s': 10_000,
    '1.5m': 90_000,
    '2h': 7_200_000,
    '7d': 604_800_000,
    ' 3 s ': 3000,
  };
  for (const [text, ms] of Object.entries(table)) assert.equal(durationMs(text), ms, text);
});

test('what is no duration is refused with the shape to use', () => {
  for (const text of ['', '10', 's', '-1s', '1w', '1e3s']) assert.equal(durationMs(text), undefined, text);
  assert.throws(() => parseDuration('soon'), /“soon” is not a duration.*10s/);
});

test('milliseconds are written in the largest exact unit', () => {
  const table = { 250: '250ms', 1000: '1s', 90000: '90s', 60000: '1m', 86400000: '1d' };
  for (const [ms, text] of Object.entries(table)) assert.equal(formatDuration(Number(ms)), text);
});
