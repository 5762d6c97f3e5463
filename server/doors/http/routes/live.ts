/** Live updates as Server-Sent Events; WebSockets are taken in upgrade.ts. */
import { z } from 'zod';
import { requireRole } from '#doors/http/admission.ts';
import { route } from '#doors/http/route.ts';
import { readAfter } from '#doors/http/upgrade.ts';
import { serveSse } from '#doors/live/sse.ts';

export default [
  route({
    method: 'get',
    path: '/api/live',
    role: 'viewer',
    summary: 'Every change that one may see, as Server-Sent Events or by WebSocket',
    query: z.strictObject({
      after: z.string().optional().describe('The last number seen; the header Last-Event-ID does the same'),
    }),
    answers: { 200: 'text/event-stream' },
    handle({ door, request, response, query, identity }) {
      let who = identity;
      const after = readAfter(request.get('last-event-id') ?? query.after);
      const watched = door.vigil.add({
        end: () => void response.destroy(),
        async isAllowed() {
          who = requireRole(await door.identify(request), 'viewer');
          return true;
        },
      });
      response.once('close', () => watched[Symbol.dispose]());
      serveSse(door.live, door.clock, { response, who: () => who, after });
    },
  }),
];
