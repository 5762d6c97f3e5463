/** Wrong values are said in our words, whichever schema finds them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { readConfig } from '#server/model/config.ts';
import { fieldErrors } from '#server/model/kind-catalog.ts';
import { preferencesSchema } from '#server/model/settings.ts';
import { sourceDraftSchema } from '#server/model/source.ts';

function said(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return error ? fieldErrors(error).map(({ path, message }) => `${path} ${message}`.trim()) : [];
}

test('each kind of mistake has its words', () => {
  const cases: Array<[schema: z.ZodType, value: unknown, sentence: string]> = [
    [z.boolean(), 'yes', 'must be true or false'],
    [z.number(), '1', 'must be a number'],
    [z.coerce.number(), 'x', 'must be a number'],
    [z.int(), 1.5, 'must be a whole number'],
    [z.string(), undefined, 'is missing; it must be a text'],
    [z.string().min(1), '', 'must not be empty'],
    [z.string().min(3), 'a', 'must have at least 3 characters'],
    [z.string().length(2), 'a', 'must have exactly 2 characters'],
    [z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 entry'],
    [z.number().min(5), 4, 'must be at least 5'],
    [z.number().positive(), 0, 'must be more than 0'],
    [z.number().multipleOf(5), 4, 'must be a multiple of 5'],
    [z.enum(['a', 'b']), 'c', 'must be one of a, b'],
    [z.literal(1), 2, 'must be 1'],
    [z.url(), 'x', 'must be an address such as https://glimpser.example'],
    [z.string().regex(/a/), 'b', 'has the wrong form'],
    [z.string().regex(/a/, 'must hold an a'), 'b', 'must hold an a'],
    [z.union([z.boolean(), z.number()]), 'b', 'must be true or false, or must be a number'],
    [z.strictObject({}), { a: 1 }, 'a is not known here; remove it or correct its name'],
  ];
  for (const [schema, value, sentence] of cases) assert.deepEqual(said(schema, value), [sentence]);
});

test('no schema of the hub speaks as its library does', () => {
  const wrong = { name: 5, enabled: 'yes', groups: 'a', keep: { newest: '3' }, schedule: 7, options: [] };
  const preferences = {
    logLevel: 'loud',
    isPaused: 1,
    mqtt: { enabled: 'on', maxPacketBytes: 3 },
    network: [],
  };
  const all = [...said(sourceDraftSchema, wrong), ...said(preferencesSchema, preferences)];
  assert.ok(all.includes('enabled must be true or false'));
  assert.ok(all.includes('mqtt.maxPacketBytes must be at least 20000'));
  for (const sentence of all) assert.doesNotMatch(sentence, /Invalid|expected|Too /);
  assert.throws(() => readConfig({ PORT: 'eighty' }), { message: /^PORT is “eighty”: must be a number\./ });
});
