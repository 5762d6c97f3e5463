/** Safe mode: how to go on after the hub ended again and again. */
import { z } from 'zod';
import { route } from '#doors/http/route.ts';
import { idOf } from '#model/user.ts';

export default [
  route({
    method: 'post',
    path: '/api/safe-mode/leave',
    role: 'admin',
    summary: 'Look at sources again after a start in safe mode',
    answers: { 200: z.strictObject({ safeMode: z.null() }) },
    async handle({ door, identity }) {
      await door.commander({ do: 'leave-safe-mode' }, identity.name, idOf(identity));
      return { safeMode: null };
    },
  }),
];
