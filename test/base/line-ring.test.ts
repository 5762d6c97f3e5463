import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineRing } from '#server/base/line-ring.ts';

test('lines are whole wherever the text was cut, and told as they end', () => {
  const told: string[] = [];
  const ring = new LineRing(line => told.push(line));
  for (const piece of ['a', 'b\r', '\nsecond\n\n', 'thi', 'rd']) ring.feed(piece);
  assert.deepEqual(told, ['ab', 'second']);
  ring.end();
  assert.deepEqual(ring.lines, ['ab', 'second', 'third']);
});

test('a line without end costs no memory', () => {
  const ring = new LineRing();
  for (let i = 0; i < 1000; i++) ring.feed('x'.repeat(1000));
  ring.end();
  assert.equal(ring.lines[0]?.length, 500);
});

test('a password at the place where a line is shortened is redacted all the same', () => {
  const ring = new LineRing();
  ring.feed(`${'x'.repeat(480)} rtsp://ann:tulip-and-rose@cam/x\n`);
  assert.doesNotMatch(ring.lines[0] ?? '', /tulip/);
});
