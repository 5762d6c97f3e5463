/** Kept pictures. */
import { z } from 'zod';
import { GlimpserError } from '#base/errors.ts';
import type { Inside } from '#doors/http/inside.ts';
import { flagQuery, idParams, listOf, pageQuery } from '#doors/http/lists.ts';
import { route } from '#doors/http/route.ts';
import { CAPTURE_REASONS, type Capture, captureSchema } from '#model/capture.ts';
import { sourceIdSchema } from '#model/source.ts';
import type { Identity } from '#model/user.ts';

const YEAR_S = 31_536_000;

export default [
  route({
    method: 'get',
    path: '/api/captures',
    role: 'viewer',
    summary: 'Kept pictures, newest first',
    query: z.strictObject({
      ...pageQuery,
      source: sourceIdSchema.optional(),
      reason: z.enum(CAPTURE_REASONS).optional(),
      starred: flagQuery.optional(),
    }),
    answers: { 200: listOf(captureSchema) },
    handle({ door, identity, query: { source, reason, starred, ...page } }) {
      const sourceIds =
        source === undefined
          ? door.sight.limit(identity, 'pictures')
          : [door.sight.pictures(identity, source).id];
      return door.captures.list({ ...page, sourceIds, reason, isStarred: starred });
    },
  }),
  route({
    method: 'get',
    path: '/api/captures/:id',
    role: 'viewer',
    summary: 'One kept picture',
    params: idParams,
    answers: { 200: captureSchema },
    handle: ({ door, identity, params }) => need(door, identity, params.id),
  }),
  route({
    method: 'get',
    path: '/api/captures/:id/picture',
    role: 'viewer',
    summary: 'The picture itself, or a smaller one',
    params: idParams,
    query: z.strictObject({
      width: z.coerce.number().int().min(16).max(3840).optional().describe('A JPEG of this width'),
    }),
    answers: { 200: 'image/jpeg' },
    async handle({ door, identity, params, query: { width }, request, response }) {
      const capture = await need(door, identity, params.id);
      response.set({
        ETag: `"${capture.id}-${width ?? ''}"`,
        'Cache-Control': `private, max-age=${YEAR_S}, immutable`,
      });
      if (request.fresh) {
        response.status(304).end();
        return;
      }
      const { image, type } = await pictureOf(door, capture, width);
      response.type(type).send(image);
    },
  }),
  route({
    method: 'patch',
    path: '/api/captures/:id',
    role: 'operator',
    summary: 'Star a picture, so that it is never forgotten, or take the star away',
    params: idParams,
    body: z.strictObject({ isStarred: z.boolean() }),
    answers: { 200: captureSchema },
    async handle({ door, identity, params, body }) {
      const { id } = await need(door, identity, params.id);
      const capture = await door.captures.star(id, body.isStarred);
      if (!capture) throw gone();
      await door.record(identity, body.isStarred ? 'star-capture' : 'unstar-capture', id);
      return capture;
    },
  }),
  route({
    method: 'delete',
    path: '/api/captures/:id',
    role: 'operator',
    summary: 'Remove a kept picture',
    params: idParams,
    answers: { 204: null },
    async handle({ door, identity, params }) {
      const capture = await need(door, identity, params.id);
      await door.files.forget(capture);
      await door.record(identity, 'remove-capture', capture.id);
    },
  }),
];

/** What somebody may not see does not exist for them. */
async function need({ captures, sight }: Inside, who: Identity, id: string): Promise<Capture> {
  const capture = await captures.find(id);
  if (capture && (who.role === 'admin' || sight.seesPicturesOf(who, capture.sourceId))) return capture;
  throw gone();
}

function gone(): GlimpserError {
  return new GlimpserError('not-found', 'There is no such picture.');
}

async function pictureOf(
  { files, pictures }: Inside,
  capture: Capture,
  width: number | undefined,
): Promise<{ image: Buffer; type: string }> {
  const image = await files.read(capture);
  if (width === undefined) return { image, type: capture.type };
  const frame = { ...capture, image, at: Date.parse(capture.at), sequence: 0 };
  return pictures.still(frame, { width });
}
