/** For those who watch the hub: alive, ready, figures. */
import type { Request } from 'express';
import { z } from 'zod';
import { GlimpserError } from '#base/errors.ts';
import { isLoopback, socketAddress } from '#doors/http/peer.ts';
import { route } from '#doors/http/route.ts';
import type { Identity } from '#model/user.ts';

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
    summary: 'Whether every part is ready, with a reason for each; 503 when one is not',
    answers: { 200: 'application/json' },
    async handle({ door, response }) {
      const parts = await door.parts();
      const isReady = parts.every(part => part.isReady);
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
    summary: 'Figures for Prometheus; for admins, keys, and programs on this machine',
    answers: { 200: 'text/plain' },
    async handle({ door, identity, request, response }) {
      if (!mayMeasure(identity) && !isLocal(request)) {
        throw new GlimpserError(
          'login-needed',
          'Figures are for admins and API keys. Send a key as bearer token.',
        );
      }
      response.type('text/plain; version=0.0.4; charset=utf-8').send(await door.metrics());
    },
  }),
];

function mayMeasure(identity: Identity | undefined): boolean {
  return identity?.role === 'admin' || identity?.by === 'key';
}

/**
 * A proxy on this machine speaks for others, and a page of another site can be led to this machine by its name;
 * both say so in their headers.
 */
function isLocal(request: Request): boolean {
  const isForwarded = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'].some(
    name => name in request.headers,
  );
  const host = URL.parse(`http://${request.headers.host}`)?.hostname ?? '';
  const isNamedLocal = host === 'localhost' || host === '[::1]' || isLoopback(host);
  return isLoopback(socketAddress(request)) && !isForwarded && isNamedLocal;
}
