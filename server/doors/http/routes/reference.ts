/** The reference of the API, as a document and as a page. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GlimpserError } from '#base/errors.ts';
import { pathPrefix } from '#doors/http/peer.ts';
import { route } from '#doors/http/route.ts';
import { withBase } from '#doors/http/ui.ts';

export default [
  route({
    method: 'get',
    path: '/api/openapi.json',
    role: 'viewer',
    summary: 'This reference as an OpenAPI document',
    answers: { 200: z.record(z.string(), z.unknown()) },
    async handle({ door }) {
      // Loaded when somebody reads it: most hubs never do.
      const { describeApi } = await import('#doors/http/openapi.ts');
      return { ...describeApi(door.routes, door.version) };
    },
  }),
  route({
    method: 'get',
    path: '/api/docs',
    role: 'viewer',
    summary: 'This reference as a page',
    answers: { 200: 'text/html' },
    async handle({ door, request, response }) {
      const page = await readFile(join(door.uiFolder, 'docs', 'index.html'), 'utf8').catch(() => undefined);
      if (page === undefined) {
        throw new GlimpserError(
          'not-ready',
          'The pages are not built. Start the hub with npm start, which builds them.',
        );
      }
      response.set('Cache-Control', 'no-cache').set('Vary', 'X-Ingress-Path, X-Forwarded-Prefix');
      response.type('html').send(withBase(page, `${pathPrefix(request)}/docs/`));
    },
  }),
];
