/** Logins for recorders that play streams over RTSP. */
import { z } from 'zod';
import { listOf, whole } from '#doors/http/lists.ts';
import { route } from '#doors/http/route.ts';
import { groupIdSchema } from '#model/source.ts';

const name = z
  .string()
  .regex(/^[\w.-]{1,40}$/, 'must be letters, digits, dots, - and _, at most 40')
  .describe('User name that the recorder is given');
const groups = z
  .array(groupIdSchema)
  .max(32)
  .nullable()
  .default(null)
  .describe('Groups whose sources it may play; null for all');

const shown = z.strictObject({ name: z.string(), groups: groups }).meta({ id: 'StreamLogin' });

export default [
  route({
    method: 'get',
    path: '/api/stream-logins',
    role: 'admin',
    summary: 'Logins for recorders, without their passwords',
    answers: { 200: listOf(shown) },
    handle: ({ door }) => whole(door.streamLogins.list()),
  }),
  route({
    method: 'post',
    path: '/api/stream-logins',
    role: 'admin',
    summary: 'Make a login for a recorder; its password is shown this once',
    body: z.strictObject({ name, groups }),
    answers: { 201: z.strictObject({ name: z.string(), groups, secret: z.string() }) },
    async handle({ door, identity, body }) {
      const login = await door.streamLogins.add(body.name, body.groups);
      await door.record(identity, 'add-stream-login', body.name);
      return login;
    },
  }),
  route({
    method: 'delete',
    path: '/api/stream-logins/:name',
    role: 'admin',
    summary: 'Withdraw a login; what it plays ends',
    params: z.strictObject({ name: z.string() }),
    answers: { 204: null },
    async handle({ door, identity, params }) {
      await door.streamLogins.remove(params.name);
      await door.record(identity, 'remove-stream-login', params.name);
    },
  }),
];
