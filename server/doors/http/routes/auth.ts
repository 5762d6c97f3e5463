/** Set-up, login, logout, and the state of both. */
import type { Request } from 'express';
import { z } from 'zod';
import { GlimpserError } from '#base/errors.ts';
import { type Caller, type Login, SESSION_LIFE_MS } from '#doors/http/accounts/accounts.ts';
import { clearSessionCookie, setSessionCookie } from '#doors/http/accounts/cookie.ts';
import { givenPasswordSchema, newPasswordSchema } from '#doors/http/accounts/password.ts';
import { loginSchema, tokensSchema, userNameSchema } from '#doors/http/accounts/shapes.ts';
import { clientAddress } from '#doors/http/peer.ts';
import { type Call, route } from '#doors/http/route.ts';

const setupSchema = z.strictObject({
  token: z.string().min(1).max(200).describe('From the link that the hub printed'),
  name: userNameSchema,
  password: newPasswordSchema,
});

const stateSchema = z.strictObject({
  isSetUp: z.boolean().describe('False: the first account is still to be created'),
  isLoggedIn: z.boolean(),
  name: z.string().describe('Name of this hub'),
  version: z.string(),
  isIngress: z.boolean().describe('Opened inside Home Assistant'),
});

export default [
  route({
    method: 'get',
    path: '/api/auth/state',
    role: 'none',
    summary: 'Whether the hub is set up and who asks is logged in',
    answers: { 200: stateSchema },
    handle: async ({ door, identity }) => ({
      isSetUp: await door.accounts.isSetUp(),
      isLoggedIn: identity !== undefined,
      name: door.settings.now().preferences.name,
      version: door.version,
      isIngress: identity?.by === 'ingress',
    }),
  }),
  route({
    method: 'post',
    path: '/api/auth/setup',
    role: 'none',
    summary: 'Create the first admin with the one-time link',
    rate: 'heavy',
    body: setupSchema,
    answers: { 201: loginSchema },
    async handle(call) {
      const login = await call.door.accounts.setUp(call.body, callerOf(call.request));
      await call.door.record(login.answer.user, 'set-up', 'hub');
      return begin(call, login);
    },
  }),
  route({
    method: 'post',
    path: '/api/auth/login',
    role: 'none',
    summary: 'Log in with name and password',
    body: z.strictObject({ name: z.string().trim().min(1).max(60), password: givenPasswordSchema }),
    answers: { 200: loginSchema },
    async handle(call) {
      const { name, password } = call.body;
      const caller = callerOf(call.request);
      try {
        const login = await call.door.accounts.login(name, password, caller);
        await call.door.record(login.answer.user, 'log-in', 'hub', caller.address);
        return begin(call, login);
      } catch (thrown) {
        const isWrong = thrown instanceof GlimpserError && thrown.code === 'login-failed';
        const line = isWrong ? call.door.accounts.failed.lineFor(caller.address, name) : undefined;
        // The name is whatever somebody typed, so it is no answer to who did it.
        if (line !== undefined) await call.door.record({ name: 'nobody' }, 'log-in-failed', 'hub', line);
        throw thrown;
      }
    },
  }),
  route({
    method: 'post',
    path: '/api/auth/refresh',
    role: 'none',
    summary: 'Get a new bearer token; the refresh token is swapped',
    body: z.strictObject({ refreshToken: z.string().min(1).max(200) }),
    answers: { 200: tokensSchema },
    handle: ({ door, body }) => door.accounts.refresh(body.refreshToken),
  }),
  route({
    method: 'post',
    path: '/api/auth/logout',
    role: 'viewer',
    summary: 'End this login',
    answers: { 204: null },
    async handle({ door, identity, response }) {
      if (identity.sessionId !== null) await door.sessions.revoke(identity.sessionId);
      clearSessionCookie(response);
    },
  }),
];

function callerOf(request: Request): Caller {
  return {
    address: clientAddress(request),
    agent: String(request.headers['user-agent'] ?? '').slice(0, 200),
  };
}

function begin({ response }: Pick<Call, 'response'>, { cookie, answer }: Login): Login['answer'] {
  setSessionCookie(response, cookie, SESSION_LIFE_MS);
  return answer;
}
