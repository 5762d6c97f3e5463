/** One's own account: name, password, logins. */
import { z } from 'zod';
import { GlimpserError } from '#base/errors.ts';
import { givenPasswordSchema, newPasswordSchema } from '#doors/http/accounts/password.ts';
import { meSchema, sessionSchema, userNameSchema } from '#doors/http/accounts/shapes.ts';
import { idParams, listOf, whole } from '#doors/http/lists.ts';
import { clientAddress } from '#doors/http/peer.ts';
import { route } from '#doors/http/route.ts';
import { type Identity, userSchema } from '#model/user.ts';

export default [
  route({
    method: 'get',
    path: '/api/auth/me',
    role: 'viewer',
    summary: 'Who asks',
    answers: { 200: meSchema },
    async handle({ door, identity }) {
      const { name, role, groups, by, userId, sessionId } = identity;
      const user = userId === null ? undefined : await door.users.find(userId);
      return { name, role, groups, by, userId, sessionId, user: user ?? null };
    },
  }),
  route({
    method: 'patch',
    path: '/api/auth/me',
    role: 'viewer',
    summary: 'Change one’s own name',
    body: z.strictObject({ name: userNameSchema }),
    answers: { 200: userSchema },
    async handle({ door, identity, body }) {
      const user = await door.users.update(ownId(identity), { name: body.name });
      await door.record(identity, 'rename-user', user.id, `now “${user.name}”`);
      return user;
    },
  }),
  route({
    method: 'post',
    path: '/api/auth/me/password',
    role: 'viewer',
    summary: 'Change one’s own password; every other login ends',
    body: z.strictObject({ current: givenPasswordSchema, password: newPasswordSchema }),
    answers: { 204: null },
    async handle({ door, identity, body, request }) {
      const userId = ownId(identity);
      const user = await door.users.find(userId);
      await door.accounts.check(user?.name ?? '', body.current, clientAddress(request));
      await door.accounts.changePassword(userId, body.password, identity.sessionId ?? undefined);
      await door.record(identity, 'change-password', userId);
    },
  }),
  route({
    method: 'get',
    path: '/api/auth/sessions',
    role: 'viewer',
    summary: 'One’s own logins',
    answers: { 200: listOf(sessionSchema) },
    async handle({ door, identity }) {
      if (identity.userId === null) return whole([]);
      const sessions = await door.sessions.listOf(identity.userId, door.clock.now());
      return whole(
        sessions.map(({ userId, ...session }) => ({
          ...session,
          isCurrent: session.id === identity.sessionId,
        })),
      );
    },
  }),
  route({
    method: 'delete',
    path: '/api/auth/sessions/:id',
    role: 'viewer',
    summary: 'End one of one’s own logins',
    params: idParams,
    answers: { 204: null },
    async handle({ door, identity, params }) {
      const session = await door.sessions.find(params.id, door.clock.now());
      if (session?.userId !== ownId(identity))
        throw new GlimpserError('not-found', 'There is no such login.');
      await door.sessions.revoke(params.id);
    },
  }),
  route({
    method: 'delete',
    path: '/api/auth/sessions',
    role: 'viewer',
    summary: 'End all of one’s own logins but this one',
    answers: { 204: null },
    async handle({ door, identity }) {
      await door.sessions.revokeAllOf(ownId(identity), identity.sessionId ?? undefined);
    },
  }),
];

/** Keys and Home Assistant have no account here. */
function ownId({ userId }: Identity): string {
  if (userId !== null) return userId;
  throw new GlimpserError('conflict', 'This works for accounts only, not for keys or Home Assistant.');
}
