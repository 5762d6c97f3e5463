import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextTryText } from '#ui/widgets/ages.ts';
import type { SourceState } from '#ui/widgets/shapes.ts';
import { statusLook, wallSentence } from '#ui/widgets/status-words.ts';

const state = (status: SourceState['status']) => ({ status }) as SourceState;

test('one and two sources are called as people call them', () => {
  const fine = (count: number) => wallSentence(Array.from({ length: count }, () => state('ok')));
  assert.deepEqual([1, 2, 3].map(fine), [
    'Your source is fine',
    'Both sources are fine',
    'All 3 sources are fine',
  ]);
  assert.equal(wallSentence([state('ok'), state('error')]), '1 of 2 needs a look');
});

test('what sends for as long as somebody looks is live while it sends', () => {
  assert.equal(statusLook(state('ok'), 'live').word, 'Live');
  assert.equal(statusLook(state('ok'), 'on-demand').word, 'Live');
  assert.equal(statusLook(state('ok'), '10s').word, 'Up to date');
  assert.equal(statusLook(state('asleep'), 'on-demand').word, 'Asleep');
});

test('the next try is due, or it runs', () => {
  assert.equal(nextTryText(12_400), 'Next try in 12 s.');
  assert.equal(nextTryText(900), 'Trying now.');
  assert.equal(nextTryText(-5000), 'Trying now.');
});
