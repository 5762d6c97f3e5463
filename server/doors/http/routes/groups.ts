/** Groups of sources. */
import { z } from 'zod';
import { listOf, whole } from '#doors/http/lists.ts';
import { route } from '#doors/http/route.ts';
import { groupIdSchema, groupSchema } from '#model/source.ts';

const params = z.strictObject({ id: groupIdSchema });

const countedSchema = groupSchema
  .extend({ sources: z.number().describe('How many sources of it one may see') })
  .meta({ id: 'GroupWithCount' });

export default [
  route({
    method: 'get',
    path: '/api/groups',
    role: 'viewer',
    summary: 'The groups that one may see',
    answers: { 200: listOf(countedSchema) },
    handle({ door, identity }) {
      const sources = door.sight.list(identity);
      const isLimited = identity.role !== 'admin' && identity.groups !== null;
      const groups = door.groups.list().filter(({ id }) => !isLimited || identity.groups?.includes(id));
      return whole(
        groups.map(group => ({
          ...group,
          sources: sources.filter(source => source.groups.includes(group.id)).length,
        })),
      );
    },
  }),
  route({
    method: 'post',
    path: '/api/groups',
    role: 'admin',
    summary: 'Create a group',
    body: groupSchema,
    answers: { 201: groupSchema },
    async handle({ door, identity, body }) {
      const group = await door.groups.create(body);
      await door.record(identity, 'create-group', group.id, group.name);
      return group;
    },
  }),
  route({
    method: 'patch',
    path: '/api/groups/:id',
    role: 'admin',
    summary: 'Rename a group',
    params,
    body: groupSchema.pick({ name: true }),
    answers: { 200: groupSchema },
    async handle({ door, identity, params, body }) {
      const group = await door.groups.rename(params.id, body.name);
      await door.record(identity, 'rename-group', group.id, group.name);
      return group;
    },
  }),
  route({
    method: 'delete',
    path: '/api/groups/:id',
    role: 'admin',
    summary: 'Remove a group; its sources stay',
    params,
    answers: { 204: null },
    async handle({ door, identity, params }) {
      await door.groups.remove(params.id);
      await door.record(identity, 'remove-group', params.id);
    },
  }),
];
