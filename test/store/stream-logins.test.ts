/** Logins for recorders: sealed, told once, and given up in words when their key is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import { StreamLoginBook } from '#server/store/stream-logins.ts';

function memory() {
  const kept = new Map<string, string>();
  return {
    kept,
    values: {
      get: async (name: string) => kept.get(name),
      set: async (name: string, value: string) => void kept.set(name, value),
    },
  };
}

test('a login is made with a password of ours, found again after a restart, and removed', async () => {
  const { values } = memory();
  const book = await StreamLoginBook.open(values, assert.fail);
  const { secret } = await book.add('frigate', ['yard']);
  assert.ok(secret.length >= 20);
  await assert.rejects(book.add('frigate', null), { code: 'conflict' });
  const again = await StreamLoginBook.open(values, assert.fail);
  assert.deepEqual(again.list(), [{ name: 'frigate', groups: ['yard'] }]);
  assert.equal(again.find('frigate')?.secret, secret);
  await again.remove('frigate');
  await assert.rejects(again.remove('frigate'), { code: 'not-found' });
  assert.deepEqual((await StreamLoginBook.open(values, assert.fail)).list(), []);
});

test('who listens is told of a login that is withdrawn, at once, and of nothing else', async () => {
  const book = await StreamLoginBook.open(memory().values, assert.fail);
  const found: unknown[] = [];
  const ear = book.onWithdrawn(() => found.push(book.find('frigate')));
  await book.add('frigate', null);
  await assert.rejects(book.remove('nobody'), { code: 'not-found' });
  const removing = book.remove('frigate');
  assert.deepEqual(found, [undefined]);
  await removing;
  ear[Symbol.dispose]();
  await book.add('frigate', null);
  await book.remove('frigate');
  assert.equal(found.length, 1);
});

test('many at once are all kept, up to a limit', async () => {
  const { values } = memory();
  const book = await StreamLoginBook.open(values, assert.fail);
  await Promise.all(Array.from({ length: 50 }, (_, i) => book.add(`login${i}`, null)));
  await assert.rejects(book.add('one-more', null), { code: 'conflict', message: /50 stream logins/ });
  assert.equal((await StreamLoginBook.open(values, assert.fail)).list().length, 50);
});

test('what was sealed under another key is given up, and it is said', async () => {
  const notices: string[] = [];
  const values = {
    get: async () => {
      throw new GlimpserError('secret-unreadable', 'no');
    },
    set: async () => undefined,
  };
  const book = await StreamLoginBook.open(values, sentence => notices.push(sentence));
  assert.deepEqual(book.list(), []);
  assert.match(notices.join(), /Make new ones/);
});
