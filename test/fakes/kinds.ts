/** A catalogue with two small kinds, for tests that need sources but no pictures. */
import { z } from 'zod';
import { createKindCatalog, type KindShape } from '#server/model/kind-catalog.ts';
import type { KindCatalog } from '#server/model/services.ts';

const cam: KindShape = {
  title: 'Camera',
  description: 'A camera.',
  family: 'camera',
  hasVideo: true,
  schedule: 'live',
  options: z.strictObject({
    url: z.string().describe('Address'),
    username: z.string().default('').describe('User'),
    password: z.string().max(200).default('').describe('Password').meta({ secret: true }),
  }),
};
const page: KindShape = {
  title: 'Page',
  description: 'A page.',
  family: 'website',
  hasVideo: false,
  schedule: '1m',
  options: z.strictObject({ url: z.string().describe('Address') }),
};

/** Kinds `cam` (with a secret) and `page`. */
export function fakeKinds(): KindCatalog {
  return createKindCatalog(
    new Map([
      ['cam', cam],
      ['page', page],
    ]),
  );
}
