import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asGlimpserError, GlimpserError, isAbort, sentenceOf } from '#server/base/errors.ts';

test('ours is passed on, anything else is wrapped with its cause', () => {
  const ours = new GlimpserError('not-found', 'No camera here.');
  assert.equal(asGlimpserError(ours), ours);
  const theirs = new TypeError('x is not a function');
  const wrapped = asGlimpserError(theirs);
  assert.equal(wrapped.code, 'internal');
  assert.equal(wrapped.cause, theirs);
  assert.equal(asGlimpserError('text', 'timed-out', 'Too slow.').message, 'Too slow.');
});

test('an aborted signal is recognised', () => {
  assert.ok(isAbort(new DOMException('stop', 'AbortError')));
  assert.ok(!isAbort(new Error('other')));
  assert.equal(sentenceOf(42), '42');
});
