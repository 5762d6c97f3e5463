/** Users, for admins. */
import { GlimpserError } from '#base/errors.ts';
import { userChangeSchema, userDraftSchema } from '#doors/http/accounts/shapes.ts';
import type { Inside } from '#doors/http/inside.ts';
import { idParams, listOf, whole } from '#doors/http/lists.ts';
import { route } from '#doors/http/route.ts';
import { type User, userSchema } from '#model/user.ts';

export default [
  route({
    method: 'get',
    path: '/api/users',
    role: 'admin',
    summary: 'All users',
    answers: { 200: listOf(userSchema) },
    handle: async ({ door }) => whole(await door.users.list()),
  }),
  route({
    method: 'post',
    path: '/api/users',
    role: 'admin',
    summary: 'Create a user',
    body: userDraftSchema,
    answers: { 201: userSchema },
    async handle({ door, identity, body }) {
      const user = await door.accounts.create(body);
      await door.record(identity, 'create-user', user.id, `${user.name}, ${user.role}`);
      return user;
    },
  }),
  route({
    method: 'get',
    path: '/api/users/:id',
    role: 'admin',
    summary: 'One user',
    params: idParams,
    answers: { 200: userSchema },
    handle: ({ door, params }) => need(door, params.id),
  }),
  route({
    method: 'patch',
    path: '/api/users/:id',
    role: 'admin',
    summary: 'Change a user; a new password ends its logins',
    params: idParams,
    body: userChangeSchema,
    answers: { 200: userSchema },
    async handle({ door, identity, params, body }) {
      const before = await need(door, params.id);
      const { password, ...rest } = body;
      if (rest.role !== undefined && rest.role !== 'admin') await requireOtherAdmin(door, before);
      const user = await door.users.update(before.id, definedOnly(rest));
      if (password !== undefined) {
        await door.accounts.changePassword(user.id, password, identity.sessionId ?? undefined);
      }
      const rename = user.name === before.name ? '' : `; “${before.name}” is now “${user.name}”`;
      await door.record(identity, 'change-user', user.id, Object.keys(body).join(', ') + rename);
      return user;
    },
  }),
  route({
    method: 'delete',
    path: '/api/users/:id',
    role: 'admin',
    summary: 'Remove a user with all its logins',
    params: idParams,
    answers: { 204: null },
    async handle({ door, identity, params }) {
      const user = await need(door, params.id);
      await requireOtherAdmin(door, user);
      await door.sessions.revokeAllOf(user.id);
      await door.users.remove(user.id);
      await door.record(identity, 'remove-user', user.id, user.name);
    },
  }),
];

async function need({ users }: Inside, id: string): Promise<User> {
  const user = await users.find(id);
  if (user) return user;
  throw new GlimpserError('not-found', 'There is no such user.');
}

/** Without an admin nobody could change anything any more. */
async function requireOtherAdmin({ users }: Inside, user: User): Promise<void> {
  if (user.role !== 'admin' || (await users.count('admin')) > 1) return;
  throw new GlimpserError('conflict', `${user.name} is the only admin. Make somebody else an admin first.`);
}

function definedOnly<T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const defined = Object.entries(change).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as { [K in keyof T]: Exclude<T[K], undefined> };
}
