import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DiffPart, diffItems, diffLines, diffWords } from '#server/base/text-diff.ts';
import { randomOf } from '#test/bench/change-page.ts';

const told = (parts: readonly DiffPart[]) =>
  parts.map(({ kind, items }) => `${{ same: '=', removed: '-', added: '+' }[kind]}${items.join('|')}`);
const side = (parts: readonly DiffPart[], left: DiffPart['kind']) =>
  parts.filter(({ kind }) => kind !== left).flatMap(({ items }) => items);

test('lines that were removed, added and replaced are told in order', () => {
  const { parts, isExact } = diffLines('a\nb\nc\nd', 'a\nc\nx\nd\ne');
  assert.deepEqual(told(parts), ['=a', '-b', '=c', '+x', '=d', '+e']);
  assert.equal(isExact, true);
});

test('what was removed stands before what came in its place', () => {
  assert.deepEqual(told(diffLines('one\ntwo\nthree', 'uno\ndos\nthree').parts), [
    '-one|two',
    '+uno|dos',
    '=three',
  ]);
});

test('the ends of lines do not matter, and an empty text has no lines', () => {
  assert.deepEqual(told(diffLines('a\r\nb', 'a\nb').parts), ['=a|b']);
  assert.deepEqual(told(diffLines('', 'a').parts), ['+a']);
  assert.deepEqual(diffLines('', '').parts, []);
});

test('words are compared with the spaces between them, so that the parts give the texts back', () => {
  const [before, after] = ['The price is € 12.50 today', 'The price is € 13.00 today'];
  const { parts } = diffWords(before, after);
  assert.deepEqual(
    parts.filter(({ kind }) => kind !== 'same').map(({ items }) => items),
    [['12.50'], ['13.00']],
  );
  assert.equal(side(parts, 'added').join(''), before);
  assert.equal(side(parts, 'removed').join(''), after);
});

test('any two lists are told with the fewest edits, and can be put together again', () => {
  const random = randomOf(7);
  const list = () => Array.from({ length: Math.floor(random() * 12) }, () => 'abcd'.charAt(random() * 4));
  for (let times = 0; times < 500; times++) {
    const [before, after] = [list(), list()];
    const { parts, isExact } = diffItems(before, after);
    assert.deepEqual(side(parts, 'added'), before);
    assert.deepEqual(side(parts, 'removed'), after);
    const same = parts.filter(({ kind }) => kind === 'same').flatMap(({ items }) => items).length;
    assert.equal(same, longest(before, after), `${before.join('')} and ${after.join('')}`);
    assert.ok(isExact);
  }
});

test('texts with too little in common are told as replaced, in bounded steps', () => {
  const before = Array.from({ length: 5000 }, (_, i) => `old ${i}`);
  const after = Array.from({ length: 5000 }, (_, i) => `new ${i}`);
  const { parts, isExact } = diffItems(['top', ...before, 'end'], ['top', ...after, 'end']);
  assert.equal(isExact, false);
  assert.deepEqual(
    parts.map(({ kind, items }) => [kind, items.length]),
    [
      ['same', 1],
      ['removed', 5000],
      ['added', 5000],
      ['same', 1],
    ],
  );
});

test('a text of a million lines with one edit is told exactly', () => {
  const lines = Array.from({ length: 1_000_000 }, (_, i) => `${i}`);
  const { parts, isExact } = diffItems(lines, lines.with(500_000, 'edited'));
  assert.deepEqual(
    parts.map(({ kind, items }) => [kind, items.length]),
    [
      ['same', 500_000],
      ['removed', 1],
      ['added', 1],
      ['same', 499_999],
    ],
  );
  assert.ok(isExact);
});

/** Length of the longest common subsequence, the slow and plain way. */
function longest(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0 || other.length === 0) return 0;
  const [first, ...rest] = one;
  const at = other.indexOf(first ?? '');
  const without = longest(rest, other);
  return at < 0 ? without : Math.max(without, 1 + longest(rest, other.slice(at + 1)));
}
