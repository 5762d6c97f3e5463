/** What happened at sources. */
import { z } from 'zod';
import { GlimpserError } from '#base/errors.ts';
import { flagQuery, idParams, listOf, pageQuery } from '#doors/http/lists.ts';
import { route } from '#doors/http/route.ts';
import { EVENT_TYPES, eventSchema } from '#model/event.ts';
import { sourceIdSchema } from '#model/source.ts';

export default [
  route({
    method: 'get',
    path: '/api/events',
    role: 'viewer',
    summary: 'What happened, newest first',
    query: z.strictObject({
      ...pageQuery,
      source: sourceIdSchema.optional(),
      type: z.enum(EVENT_TYPES).optional(),
      open: flagQuery.optional().describe('true: what still lasts'),
    }),
    answers: { 200: listOf(eventSchema) },
    handle({ door, identity, query: { source, type, open, ...page } }) {
      const sourceIds =
        source === undefined ? door.sight.limit(identity, 'facts') : [door.sight.source(identity, source).id];
      return door.events.list({ ...page, sourceIds, type, isOpen: open });
    },
  }),
  route({
    method: 'get',
    path: '/api/events/:id',
    role: 'viewer',
    summary: 'One event',
    params: idParams,
    answers: { 200: eventSchema },
    async handle({ door, identity, params }) {
      const event = await door.events.find(params.id);
      if (event && (identity.role === 'admin' || door.sight.sees(identity, event.sourceId))) return event;
      throw new GlimpserError('not-found', 'There is no such event.');
    },
  }),
];
