/** Live pictures: MJPEG, stills, and who looks at them. */
import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Inside } from '#doors/http/inside.ts';
import { listOf, whole } from '#doors/http/lists.ts';
import { route } from '#doors/http/route.ts';
import { watchOver } from '#doors/http/watch-over.ts';
import { MJPEG_TYPE } from '#doors/live/mjpeg-part.ts';
import type { Still } from '#doors/live/stills.ts';
import { isPlain, roundShape, shapeKey } from '#model/picture-shape.ts';
import { type Source, sourceIdSchema } from '#model/source.ts';
import { SOURCE_STATUSES } from '#model/state.ts';

const params = z.strictObject({ id: sourceIdSchema });

const shapeQuery = {
  width: z.coerce
    .number()
    .int()
    .min(16)
    .max(3840)
    .optional()
    .describe('Width in pixels, up to the next 32; never larger than it is'),
  quality: z.coerce.number().int().min(1).max(100).optional().describe('JPEG quality, up to the next 5'),
  token: z.string().max(2000).optional().describe('From a signed link, see POST /api/tokens'),
};

const streamSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    kind: z.string(),
    status: z.enum(SOURCE_STATUSES),
    isOnline: z.boolean(),
    width: z.number().nullable(),
    height: z.number().nullable(),
    fps: z.number().nullable(),
    viewers: z.number(),
    snapshot: z.string().describe('Relative to the base of this hub'),
    mjpeg: z.string().describe('Relative to the base of this hub'),
    hasVideo: z.boolean().describe('It sends coded video itself: watching fmp4 or hls costs no encoding'),
    fmp4: z.string().describe('Relative to the base of this hub; by WebSocket, too'),
    hls: z.string().describe('Relative to the base of this hub'),
  })
  .meta({ id: 'Stream' });

export default [
  route({
    method: 'get',
    path: '/api/streams',
    role: 'viewer',
    summary: 'The live pictures that one may see',
    answers: { 200: listOf(streamSchema) },
    handle: ({ door, identity }) =>
      whole(
        door.sight
          .list(identity)
          .filter(source => door.sight.seesPicturesOf(identity, source.id))
          .map(source => streamOf(door, source)),
      ),
  }),
  route({
    method: 'get',
    path: '/api/stream/:id/snapshot.jpg',
    role: 'viewer',
    summary: 'The newest picture, from memory; a placeholder when there is none',
    media: 'snapshot',
    params,
    query: z.object(shapeQuery),
    answers: { 200: 'image/jpeg' },
    async handle({ door, identity, params, query, request, response }) {
      const { id } = door.sight.pictures(identity, params.id);
      const { width, quality } = query;
      sendStill(request, response, await door.still(id, { width, quality }), door.clock.now());
    },
  }),
  route({
    method: 'get',
    path: '/api/stream/:id/mjpeg',
    role: 'viewer',
    summary: 'Live pictures as MJPEG',
    media: 'mjpeg',
    params,
    query: z.object({
      ...shapeQuery,
      fps: z.coerce.number().min(0.1).max(60).optional().describe('At most so many pictures a second'),
    }),
    answers: { 200: MJPEG_TYPE },
    handle(call) {
      const { door, identity, params, query, request, response } = call;
      const { id } = door.sight.pictures(identity, params.id);
      if (request.method === 'HEAD') {
        response.type(MJPEG_TYPE).end();
        return;
      }
      const { width, quality, fps } = query;
      const shape = roundShape({ width, quality });
      const view = isPlain(shape) ? undefined : door.shapedViews.take(identity, shapeKey(id, shape));
      response.once('close', () => view?.[Symbol.dispose]());
      door.mjpeg.attach(response, { sourceId: id, shape, fps });
      watchOver(call, 'mjpeg', id, query.token);
    },
  }),
  route({
    method: 'get',
    path: '/api/stream/:id/viewers',
    role: 'operator',
    summary: 'How many look at a source, and how fast they read',
    params,
    answers: {
      200: z.strictObject({
        sourceId: z.string(),
        viewers: z.number(),
        sent: z.number().describe('Pictures sent over MJPEG since the start'),
        dropped: z.number().describe('Pictures that slow readers did not get'),
      }),
    },
    handle({ door, identity, params }) {
      const { id } = door.sight.source(identity, params.id);
      const { sent, dropped } = door.mjpeg.figures(id);
      return { sourceId: id, viewers: door.watching.viewers(id), sent, dropped };
    },
  }),
];

function streamOf(door: Inside, { id, name, kind }: Source): z.input<typeof streamSchema> {
  const { status, isOnline, width, height, fps } = door.states.of(id);
  const path = `api/stream/${id}`;
  return {
    ...{ id, name, kind, status, isOnline, width, height, fps },
    viewers: door.watching.viewers(id),
    snapshot: `${path}/snapshot.jpg`,
    mjpeg: `${path}/mjpeg`,
    hasVideo: door.hasVideo(id),
    fmp4: `${path}/fmp4`,
    hls: `${path}/hls/index.m3u8`,
  };
}

function sendStill(request: Request, response: Response, { image, at, tag }: Still, now: number): void {
  const name = tag ?? createHash('sha1').update(image).digest('base64url');
  response.set({
    ETag: `"${name}"`,
    'Cache-Control': 'private, no-cache',
    'X-Captured-At': new Date(at).toISOString(),
    Age: String(Math.max(0, Math.floor((now - at) / 1000))),
    ...(tag === undefined ? { 'X-Placeholder': '1' } : {}),
  });
  if (request.fresh) response.status(304).end();
  else response.type('image/jpeg').send(image);
}
