import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import { filterText, type TextFilter } from '#server/base/text-filters.ts';

const PAGE = 'Offers\nPrice: € 1,299.00\nSeen by 312 people\n\nPrice: € 1,299.00\n  Stock:   4 left';

const refusal = (filter: TextFilter, text = PAGE) => {
  try {
    filterText(text, [filter]);
  } catch (thrown) {
    assert.ok(thrown instanceof GlimpserError);
    return `${thrown.code}: ${thrown.message}`;
  }
  return 'taken';
};

test('lines are removed and kept by what they say, whatever the case', () => {
  assert.equal(filterText(PAGE, [{ do: 'keep', text: 'PRICE' }, { do: 'unique' }]), 'Price: € 1,299.00');
  assert.doesNotMatch(filterText(PAGE, [{ do: 'remove', text: 'seen by' }]), /people/);
});

test('lines are tidied, sorted and told once', () => {
  assert.equal(
    filterText(PAGE, [{ do: 'trim' }, { do: 'unique' }, { do: 'sort' }]),
    'Offers\nPrice: € 1,299.00\nSeen by 312 people\nStock: 4 left',
  );
});

test('of numbers only the numbers stay', () => {
  assert.equal(
    filterText('-3.5 °C at 12:30\nno figure\n1,299.00 €', [{ do: 'numbers' }]),
    '-3.5 12 30\n1,299.00',
  );
});

test('patterns remove, keep, and drop lines', () => {
  assert.equal(filterText('a1b22', [{ do: 'remove-matches', pattern: '\\d+' }]), 'ab');
  assert.equal(filterText('a1b22\nno', [{ do: 'keep-matches', pattern: '\\d+' }]), '1 22');
  assert.equal(filterText('a1\nb\nc2', [{ do: 'remove-lines', pattern: '\\d' }]), 'b');
});

test('a pattern that would run for ever is stopped and named', () => {
  const text = `${'a'.repeat(60)}!`;
  for (const pattern of ['(a+)+$', '(a|a)*b', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
    const said = refusal({ do: 'remove-matches', pattern }, text);
    assert.ok(
      said.startsWith(`settings-invalid: The pattern “${pattern}” takes too long on this text.`),
      said,
    );
  }
});

test('a wrong or endless pattern is refused in words', () => {
  assert.match(
    refusal({ do: 'remove-lines', pattern: '(' }),
    /^settings-invalid: The pattern “\(” is no regular/,
  );
  assert.match(refusal({ do: 'remove-lines', pattern: 'x'.repeat(501) }), /longer than 500 letters/);
});

test('a pattern sees only the lines: nothing of the hub is within its reach', () => {
  assert.equal(filterText('a $& b', [{ do: 'remove-matches', pattern: '\\$&' }]), 'a  b');
  assert.equal(
    refusal({ do: 'remove-lines', pattern: "');throw 1;('" }),
    "settings-invalid: The pattern “');throw 1;('” is no regular expression. Write it more simply, or filter by plain text.",
  );
});

test('a text without end is cut', () => {
  assert.equal(filterText('a'.repeat(600_000), []).length, 500_000);
});
