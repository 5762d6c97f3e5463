/** Who did what. */
import { z } from 'zod';
import { listOf, pageQuery } from '#doors/http/lists.ts';
import { route } from '#doors/http/route.ts';

const entrySchema = z
  .strictObject({
    id: z.string(),
    at: z.string(),
    who: z.string(),
    whoId: z.string().nullable().describe('Id of the user or key, or of the user in Home Assistant'),
    action: z.string(),
    target: z.string(),
    detail: z.string(),
  })
  .meta({ id: 'AuditEntry' });

export default [
  route({
    method: 'get',
    path: '/api/audit',
    role: 'admin',
    summary: 'Who did what, newest first',
    query: z.strictObject(pageQuery),
    answers: { 200: listOf(entrySchema) },
    handle: ({ door, query }) => door.audit.list(query),
  }),
];
