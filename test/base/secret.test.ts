import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSecretBox, isSameText, isSealed, randomToken, tokenHash } from '#server/base/secret.ts';

const box = createSecretBox('0123456789abcdef');

test('what is sealed opens under the same key only', () => {
  const sealed = box.seal('hunter2');
  assert.ok(isSealed(sealed));
  assert.ok(!sealed.includes('hunter2'));
  assert.equal(box.open(sealed), 'hunter2');
  const other = createSecretBox('fedcba9876543210');
  assert.throws(() => other.open(sealed), { code: 'secret-unreadable' });
});

test('a changed seal does not open', () => {
  const sealed = box.seal('hunter2');
  const bytes = Buffer.from(sealed.slice('enc:v1:'.length), 'base64');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  assert.throws(() => box.open(`enc:v1:${bytes.toString('base64')}`), { code: 'secret-unreadable' });
});

test('whatever looks sealed is sealed once more, and what nobody sealed does not open', () => {
  for (const text of ['enc:v1:tulip', box.seal('a'), '']) assert.equal(box.open(box.seal(text)), text);
  for (const text of ['plain', 'enc:v1:', 'enc:v1:tulip'])
    assert.throws(() => box.open(text), { code: 'secret-unreadable' });
});

test('keys for other purposes differ', () => {
  assert.notDeepEqual(box.derive('jwt'), box.derive('media'));
  assert.equal(box.derive('jwt').length, 32);
});

test('tokens are long, hashed for storage and compared in constant time', () => {
  const token = randomToken();
  assert.equal(token.length, 43);
  assert.match(tokenHash(token), /^[0-9a-f]{64}$/);
  assert.ok(isSameText(token, token));
  assert.ok(!isSameText(token, `${token}x`));
});
