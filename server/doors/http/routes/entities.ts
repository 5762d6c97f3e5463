/** Entities: the values that other systems see, and what may be sent to them. */
import { z } from 'zod';
import { commandOf, entitySchema, findEntity, listEntities } from '#doors/http/entity-list.ts';
import { listOf, whole } from '#doors/http/lists.ts';
import { route } from '#doors/http/route.ts';
import { sourceIdSchema } from '#model/source.ts';
import { idOf } from '#model/user.ts';

const params = z.strictObject({
  id: z.string().regex(/^[a-z0-9]{3,32}\.[a-z0-9_]{1,60}$/, 'must be <source id or hub>.<key>'),
});

export default [
  route({
    method: 'get',
    path: '/api/entities',
    role: 'viewer',
    summary: 'All entities that one may see, or those of one source',
    query: z.strictObject({ source: sourceIdSchema.optional() }),
    answers: { 200: listOf(entitySchema) },
    handle: ({ door, identity, query }) => whole(listEntities(door, identity, query.source)),
  }),
  route({
    method: 'get',
    path: '/api/entities/:id',
    role: 'viewer',
    summary: 'One entity',
    params,
    answers: { 200: entitySchema },
    handle: ({ door, identity, params }) => findEntity(door, identity, params.id),
  }),
  route({
    method: 'post',
    path: '/api/entities/:id',
    role: 'operator',
    summary: 'Send a value to an entity: ON, OFF, PRESS, a number or an option',
    params,
    body: z.strictObject({ value: z.string().max(200) }),
    answers: { 202: entitySchema },
    async handle({ door, identity, params, body }) {
      await door.commander(commandOf(door, identity, params.id, body.value), identity.name, idOf(identity));
      return findEntity(door, identity, params.id);
    },
  }),
];
