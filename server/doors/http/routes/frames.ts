/** Pictures that others send to a source. */
import { z } from 'zod';
import { route } from '#doors/http/route.ts';
import { POSTED_MAX_BYTES } from '#model/posting.ts';
import { sourceIdSchema } from '#model/source.ts';

const takenSchema = z
  .strictObject({
    type: z.string(),
    width: z.number(),
    height: z.number(),
    bytes: z.number(),
  })
  .meta({ id: 'TakenPicture' });

export default [
  route({
    method: 'post',
    path: '/api/sources/:id/frames',
    role: 'operator',
    summary: 'Send a picture (JPEG, PNG or WebP, as the body) to a source of the kind push',
    params: z.strictObject({ id: sourceIdSchema }),
    body: z.instanceof(Buffer),
    raw: { maxBytes: POSTED_MAX_BYTES, types: ['image/jpeg', 'image/png', 'image/webp'] },
    answers: { 202: takenSchema },
    handle({ door, identity, params, body }) {
      const { id } = door.sight.source(identity, params.id);
      const { type, width, height } = door.posting.post(id, body);
      return { type, width, height, bytes: body.length };
    },
  }),
];
