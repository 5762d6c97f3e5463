/** For those who watch the hub: alive, ready, figures. */
import { z } from 'zod';
import { GlimpserError } from '#base/errors.ts';
import { isFromThisMachine } from '#doors/http/peer.ts';
import { route } from '#doors/http/route.ts';
import { type Identity, isUnlimited } from '#model/user.ts';

export default [
  route({
    method: 'get',
    path: '/healthz',
    role: 'none',
    rate: 'free',
    summary: 'Answers while the hub runs',
    answers: { 200: z.strictObject({ status: z.literal('ok') }) },
    handle: () => ({ status: 'ok' as const }),
  }),
  route({
    method: 'get',
    path: '/readyz',
    role: 'none',
    rate: 'free',
    summary: 'Whether every part is ready, for who is logged in with a reason for each; 503 when one is not',
    answers: { 200: 'application/json' },
    async handle({ door, identity, request, response }) {
      const all = await door.parts();
      const isReady = all.every(part => part.isReady);
      const isTold = identity !== undefined || isFromThisMachine(request);
      // Reasons name the broker and folders of this machine.
      const parts = isTold ? all : all.map(({ part, isReady }) => ({ part, isReady }));
      response
        .status(isReady ? 200 : 503)
        .set('Cache-Control', 'no-store')
        .json({ isReady, parts });
    },
  }),
  route({
    method: 'get',
    path: '/metrics',
    role: 'none',
    rate: 'free',
    summary:
      'Figures for Prometheus; for admins, keys without a limit to groups, and programs on this machine',
    answers: { 200: 'text/plain' },
    async handle({ door, identity, request, response }) {
      if (!mayMeasure(identity) && !isFromThisMachine(request)) {
        throw new GlimpserError(
          'login-needed',
          'Figures are for admins and for API keys that see every group. Send such a key as bearer token.',
        );
      }
      response.type('text/plain; version=0.0.4; charset=utf-8').send(await door.metrics());
    },
  }),
];

function mayMeasure(identity: Identity | undefined): boolean {
  return (
    identity !== undefined && (identity.role === 'admin' || (identity.by === 'key' && isUnlimited(identity)))
  );
}
