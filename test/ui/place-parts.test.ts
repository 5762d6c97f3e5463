import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOf } from '#ui/app/parts/place-parts.ts';

test('places that a sentence names are found, and nothing of the sentence is lost', () => {
  const sentence = 'Switch it on under Settings, Hub. Make a key under Settings, API keys.';
  const parts = partsOf(sentence);
  assert.equal(parts.map(({ words }) => words).join(''), sentence);
  assert.deepEqual(
    parts.flatMap(({ route }) => route ?? []),
    [
      { page: 'settings', section: 'hub' },
      { page: 'settings', section: 'keys' },
    ],
  );
  assert.deepEqual(partsOf('Settings, People'), [{ words: 'Settings, People', route: undefined }]);
});
