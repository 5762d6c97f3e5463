/** API keys, for admins, and signed links to pictures. */
import { z } from 'zod';
import { durationMs } from '#base/duration.ts';
import { GlimpserError } from '#base/errors.ts';
import { randomToken, tokenHash } from '#base/secret.ts';
import { KEY_PREFIX } from '#doors/http/accounts/identify.ts';
import { epochKey, MEDIA, type Media, type MediaGrant } from '#doors/http/accounts/media-token.ts';
import { apiKeySchema, keyChangeSchema, keyDraftSchema } from '#doors/http/accounts/shapes.ts';
import { requireRole } from '#doors/http/admission.ts';
import type { Inside } from '#doors/http/inside.ts';
import { idParams, listOf, whole } from '#doors/http/lists.ts';
import { publicBase } from '#doors/http/public-base.ts';
import { route } from '#doors/http/route.ts';
import { durationSchema, sourceIdSchema } from '#model/source.ts';
import type { Identity } from '#model/user.ts';
import type { ApiKey } from '#store/keys.ts';

const MAX_LIFE_MS = 365 * 86_400_000;

const linkSchema = z.strictObject({
  sourceId: sourceIdSchema,
  what: z.enum(MEDIA).describe('The one address that it opens'),
  expiresIn: durationSchema
    .refine(text => (durationMs(text) ?? 0) <= MAX_LIFE_MS, 'must be at most 365d')
    .default('30d')
    .describe('How long it works'),
});

export default [
  route({
    method: 'get',
    path: '/api/keys',
    role: 'admin',
    summary: 'All API keys',
    answers: { 200: listOf(apiKeySchema) },
    handle: async ({ door }) => whole(await door.keys.list()),
  }),
  route({
    method: 'post',
    path: '/api/keys',
    role: 'admin',
    summary: 'Make an API key; its secret is shown this once',
    body: keyDraftSchema,
    answers: { 201: z.strictObject({ key: apiKeySchema, secret: z.string() }) },
    async handle({ door, identity, body }) {
      const secret = `${KEY_PREFIX}${randomToken()}`;
      const prefix = secret.slice(0, 8);
      const key = await door.keys.add({ ...body, prefix, keyHash: tokenHash(secret) }, door.clock.now());
      await door.record(identity, 'create-key', key.id, `${key.name}, ${key.role}`);
      return { key, secret };
    },
  }),
  route({
    method: 'patch',
    path: '/api/keys/:id',
    role: 'admin',
    summary: 'Change an API key',
    params: idParams,
    body: keyChangeSchema,
    answers: { 200: apiKeySchema },
    async handle({ door, identity, params, body }) {
      const { id, name, role, groups } = await need(door, params.id);
      const key = await door.keys.update(id, {
        name: body.name ?? name,
        role: body.role ?? role,
        groups: body.groups === undefined ? groups : body.groups,
      });
      await door.record(identity, 'change-key', id, Object.keys(body).join(', '));
      return key;
    },
  }),
  route({
    method: 'delete',
    path: '/api/keys/:id',
    role: 'admin',
    summary: 'Withdraw an API key',
    params: idParams,
    answers: { 204: null },
    async handle({ door, identity, params }) {
      const key = await need(door, params.id);
      await door.keys.remove(key.id);
      await door.record(identity, 'remove-key', key.id, key.name);
    },
  }),
  route({
    method: 'post',
    path: '/api/tokens',
    role: 'operator',
    summary: 'Make a signed link to pictures of a source, for players that cannot log in',
    body: linkSchema,
    answers: {
      201: z.strictObject({
        token: z.string(),
        path: z.string().describe('Relative to the base of this hub'),
        url: z.string(),
        expiresAt: z.string(),
      }),
    },
    async handle({ door, identity, body, request }) {
      const { sourceId, what, expiresIn } = body;
      const source = door.sight.pictures(identity, sourceId);
      const grant = { sourceId, what, role: identity.role, ...makerOf(identity) };
      const { token, expiresAt } = await door.mediaTokens.issue(grant, durationMs(expiresIn) ?? 0);
      await door.record(identity, 'create-link', sourceId, `${source.name}, ${what}, until ${expiresAt}`);
      const path = `api/stream/${sourceId}/${FILE[what]}?token=${token}`;
      return { token, path, url: publicBase(request, door.config.PUBLIC_URL) + path, expiresAt };
    },
  }),
  route({
    method: 'post',
    path: '/api/tokens/withdraw',
    role: 'operator',
    summary: 'Withdraw signed links: one’s own, or as an admin all',
    body: z.strictObject({ which: z.enum(['own', 'all']).describe('`all` is for admins') }),
    answers: { 204: null },
    async handle({ door, identity, body: { which } }) {
      if (which === 'all') requireRole(identity, 'admin');
      await door.linkEpochs.raise(which === 'all' ? undefined : epochKey(makerOf(identity)));
      await door.record(identity, 'withdraw-links', 'hub', which);
    },
  }),
];

const FILE: Readonly<Record<Media, string>> = {
  mjpeg: 'mjpeg',
  snapshot: 'snapshot.jpg',
  fmp4: 'fmp4',
  hls: 'hls/index.m3u8',
};

function makerOf({ userId, keyId }: Identity): Pick<MediaGrant, 'by' | 'maker'> {
  if (userId !== null) return { by: 'user', maker: userId };
  return keyId === undefined ? { by: 'hub', maker: '' } : { by: 'key', maker: keyId };
}

async function need({ keys }: Inside, id: string): Promise<ApiKey> {
  const key = await keys.find(id);
  if (key) return key;
  throw new GlimpserError('not-found', 'There is no such API key.');
}
