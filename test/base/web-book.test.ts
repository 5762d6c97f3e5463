import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PAGE_LIMITS, WebBook } from '#server/base/web-book.ts';

const lan = { protocols: ['http'], reach: 'lan' } as const;
const internet = { protocols: ['http'], reach: 'internet' } as const;

test('an address keeps its number, and who may open less has another', () => {
  const book = new WebBook();
  const address = { url: 'http://cam.test/a.ts', rules: lan };
  const number = book.numberOf(address);
  assert.equal(book.numberOf({ ...address }), number);
  const far = book.numberOf({ ...address, rules: internet });
  assert.notEqual(far, number);
  assert.deepEqual([book.at(number)?.rules.reach, book.at(far)?.rules.reach], ['lan', 'internet']);
  assert.deepEqual([book.at(0), book.at(3), book.at(Number.NaN)], [undefined, undefined, undefined]);
});

for (const [limit, length] of [
  ['addresses', 20],
  ['characters', 2000],
] as const) {
  test(`what was not named for long is forgotten, what is named again stays: ${limit}`, () => {
    const book = new WebBook();
    const name = (text: string | number) =>
      book.numberOf({ url: `${text}`.padStart(length, 'x'), rules: lan });
    const each = limit === 'addresses' ? 1 : length + 'lan '.length;
    const fits = Math.floor(PAGE_LIMITS[limit] / each);
    const [key, old] = [name('key'), name('old')];
    for (let i = 0; i < 2 * fits; i++) {
      if (i % 100 === 0) assert.equal(name('key'), key);
      const number = name(i);
      assert.ok(book.at(number), 'a playlist of full length is known whole');
    }
    assert.equal(book.at(old), undefined);
    assert.ok(book.at(key));
  });
}
