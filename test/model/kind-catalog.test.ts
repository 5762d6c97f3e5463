import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { createKindCatalog } from '#server/model/kind-catalog.ts';

const options = z.strictObject({
  url: z.string().describe('Address'),
  password: z.string().describe('Password').meta({ secret: true }).optional(),
  fps: z.number().int().min(1).max(30).default(5).describe('Pictures a second'),
});
const kind = {
  title: 'Camera',
  description: 'A camera.',
  family: 'camera',
  hasVideo: true,
  schedule: 'live',
  options,
} as const;
const catalog = createKindCatalog(new Map([['cam', kind]]));

test('a kind is described by JSON Schema with its defaults and secrets', () => {
  const info = catalog.find('cam');
  const properties = info?.options['properties'] as Record<string, Record<string, unknown>>;
  assert.equal(properties['fps']?.['default'], 5);
  assert.equal(properties['password']?.['secret'], true);
  assert.deepEqual(info?.options['required'], ['url']);
  assert.equal(info?.hasVideo, true);
});

test('secrets are found behind optional and default', () => {
  assert.deepEqual(catalog.secretsOf('cam'), ['password']);
});

test('options are completed, and every wrong one is named with its path', () => {
  assert.deepEqual(catalog.check('cam', { url: 'x' }), { url: 'x', fps: 5 });
  assert.throws(
    () => catalog.check('cam', { fps: 99, colour: 1 }),
    (error: Error & { errors?: Array<{ path: string }> }) => {
      assert.deepEqual(error.errors?.map(found => found.path).sort(), [
        'options.colour',
        'options.fps',
        'options.url',
      ]);
      return true;
    },
  );
});

test('an unknown kind is refused with the known ones', () => {
  assert.throws(() => catalog.check('fax', {}), { code: 'kind-unknown', message: /cam/ });
  assert.equal(catalog.find('fax'), undefined);
});
