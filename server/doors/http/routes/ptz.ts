/** Moving cameras. */
import { z } from 'zod';
import { parseDuration } from '#base/duration.ts';
import { GlimpserError } from '#base/errors.ts';
import { route } from '#doors/http/route.ts';
import { MOVE_MS, ptzMoveSchema, ptzPositionSchema, ptzSchema } from '#model/ptz.ts';
import { durationSchema, sourceIdSchema } from '#model/source.ts';

const params = z.strictObject({ id: sourceIdSchema });
const presetParams = params.extend({ preset: z.string().min(1).max(64) });
const moveSchema = ptzMoveSchema.extend({
  for: durationSchema.default('1s').describe('How long it moves: at most 5s, then it stops by itself'),
});

export default [
  route({
    method: 'get',
    path: '/api/sources/:id/ptz',
    role: 'viewer',
    summary: 'How a camera can be moved, its presets, and where it looks',
    rate: 'heavy',
    params,
    answers: { 200: ptzSchema.extend({ position: ptzPositionSchema.nullable() }) },
    async handle({ door, identity, params }) {
      const { ptz, position } = await door.ptz.look(door.sight.source(identity, params.id).id);
      return { ...ptz, position };
    },
  }),
  route({
    method: 'post',
    path: '/api/sources/:id/ptz/move',
    role: 'operator',
    summary: 'Move a camera for a moment; repeat it to move on',
    params,
    body: moveSchema,
    answers: { 202: z.strictObject({ stopsAfterMs: z.number() }) },
    async handle({ door, identity, params, body }) {
      const { id } = door.sight.source(identity, params.id);
      const { for: lasts, ...speed } = body;
      const forMs = requireShort(parseDuration(lasts));
      const isBeginning = await door.ptz.move(id, speed, forMs);
      // A button that is held sends many orders; the first says who turned the camera.
      if (isBeginning) await door.record(identity, 'ptz-move', id);
      return { stopsAfterMs: forMs };
    },
  }),
  route({
    method: 'post',
    path: '/api/sources/:id/ptz/stop',
    role: 'operator',
    summary: 'Stop a camera',
    params,
    answers: { 204: null },
    handle: ({ door, identity, params }) => door.ptz.stop(door.sight.source(identity, params.id).id),
  }),
  route({
    method: 'post',
    path: '/api/sources/:id/ptz/presets/:preset',
    role: 'operator',
    summary: 'Send a camera to a preset',
    params: presetParams,
    answers: { 204: null },
    async handle({ door, identity, params }) {
      const { id } = door.sight.source(identity, params.id);
      await door.commander({ do: 'ptz-go', sourceId: id, preset: params.preset }, identity.name);
    },
  }),
  route({
    method: 'put',
    path: '/api/sources/:id/ptz/presets/:preset',
    role: 'operator',
    summary: 'Remember where a camera looks now; an id that it does not have makes a new preset',
    params: presetParams,
    body: z.strictObject({ name: z.string().trim().min(1).max(80) }),
    answers: { 200: ptzSchema },
    async handle({ door, identity, params, body }) {
      const { id } = door.sight.source(identity, params.id);
      const ptz = await door.ptz.save(id, { id: params.preset, name: body.name });
      await door.record(identity, 'ptz-save', id, body.name);
      return ptz;
    },
  }),
];

function requireShort(ms: number): number {
  if (ms > 0 && ms <= MOVE_MS) return ms;
  throw new GlimpserError(
    'body-invalid',
    'for must be at most 5s: a camera that nobody stops must not go on.',
    {
      errors: [{ path: 'for', message: 'must be at most 5s; repeat the order to move on' }],
    },
  );
}
