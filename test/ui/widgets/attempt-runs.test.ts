import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesSince, runsOf } from '#ui/widgets/attempt-runs.ts';

const at = (second: number) => `2026-08-01T10:00:${String(second).padStart(2, '0')}.000Z`;
const failed = (second: number, sentence: string) => ({
  ...{ at: at(second), isSuccess: false, tookMs: 5, code: 'source-silent', sentence },
});
const came = (second: number) => ({
  ...{ at: at(second), isSuccess: true, tookMs: 5, code: null, sentence: 'A picture of 640 × 480 came.' },
});

test('attempts with the same outcome are one, also when their numbers differ', () => {
  const runs = runsOf([
    came(9),
    failed(8, 'No picture for 21 s.'),
    failed(6, 'No picture for 20 s.'),
    failed(4, 'It refuses connections.'),
    came(2),
  ]);
  assert.deepEqual(
    runs.map(({ newest, oldest, count }) => [newest.sentence, newest.at, oldest.at, count]),
    [
      ['A picture of 640 × 480 came.', at(9), at(9), 1],
      ['No picture for 21 s.', at(8), at(6), 2],
      ['It refuses connections.', at(4), at(4), 1],
      ['A picture of 640 × 480 came.', at(2), at(2), 1],
    ],
  );
});

test('what was printed stands with the attempt that it belongs to, and nothing is said twice', () => {
  const attempts = [failed(6, 'No picture.'), failed(4, 'No picture.'), came(2)];
  const lines = [
    `${at(1)} opened`,
    `${at(3)} broken packet`,
    `${at(4)} source-silent: No picture.`,
    `${at(5)} timed out`,
    `${at(6)} source-silent: No picture.`,
    `${at(7)} opened again`,
  ];
  assert.deepEqual(
    runsOf(attempts, lines).map(run => run.lines),
    [[`${at(3)} broken packet`, `${at(5)} timed out`], [`${at(1)} opened`]],
  );
  assert.deepEqual(linesSince(attempts, lines), [`${at(7)} opened again`]);
  assert.deepEqual(linesSince([], lines.slice(0, 1)), [`${at(1)} opened`]);
});
