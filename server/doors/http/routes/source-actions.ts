/** What can be done with a source, and what is known of it. */
import { z } from 'zod';
import { isoTime } from '#base/clock.ts';
import { listOf, whole } from '#doors/http/lists.ts';
import { route } from '#doors/http/route.ts';
import { shownSource } from '#doors/http/shown-source.ts';
import { captureSchema } from '#model/capture.ts';
import { sourceIdSchema, sourceSchema } from '#model/source.ts';
import { attemptSchema, sourceStateSchema } from '#model/state.ts';
import { idOf } from '#model/user.ts';

const params = z.strictObject({ id: sourceIdSchema });

const statsSchema = z
  .strictObject({
    sourceId: z.string(),
    frames: z.number().describe('Pictures since the hub started'),
    failures: z.number().describe('Failures since the hub started'),
    fps: z.number().nullable(),
    captureMs: z.number().nullable(),
    viewers: z.number(),
    captures: z.number().describe('Kept pictures'),
    captureBytes: z.number(),
    lastFrameAt: z.string().nullable(),
    events: z.number(),
  })
  .meta({ id: 'SourceStats' });

const diagnosticsSchema = z
  .strictObject({
    glimpser: z.string().describe('Version'),
    at: z.string(),
    source: sourceSchema,
    state: sourceStateSchema,
    attempts: z.array(attemptSchema),
    lines: z.array(z.string()),
    viewers: z.number(),
    problems: z.array(z.string()).describe('What is wrong with the hub'),
  })
  .meta({ id: 'Diagnostics' });

export default [
  ...(['enable', 'disable'] as const).map(verb =>
    route({
      method: 'post',
      path: `/api/sources/:id/${verb}`,
      role: 'operator',
      summary: verb === 'enable' ? 'Switch a source on' : 'Switch a source off',
      params,
      answers: { 200: sourceSchema },
      async handle({ door, identity, params }) {
        const { id } = door.sight.source(identity, params.id);
        await door.commander(
          { do: 'enable', sourceId: id, isEnabled: verb === 'enable' },
          identity.name,
          idOf(identity),
        );
        return shownSource(door.kinds, identity, door.sources.get(id));
      },
    }),
  ),
  route({
    method: 'post',
    path: '/api/sources/:id/capture',
    role: 'operator',
    summary: 'Take a picture now and keep it',
    rate: 'heavy',
    params,
    answers: { 201: captureSchema },
    async handle({ door, identity, params, signal }) {
      const { id } = door.sight.pictures(identity, params.id);
      const frame = await door.watching.captureNow(id, signal);
      const capture = await door.files.keep(frame, 'request');
      await door.record(identity, 'capture', id);
      return capture;
    },
  }),
  route({
    method: 'post',
    path: '/api/sources/:id/restart',
    role: 'operator',
    summary: 'End the connection of a source and start afresh',
    params,
    answers: { 202: sourceStateSchema },
    async handle({ door, identity, params }) {
      const { id } = door.sight.source(identity, params.id);
      await door.commander({ do: 'reconnect', sourceId: id }, identity.name, idOf(identity));
      return door.states.of(id);
    },
  }),
  route({
    method: 'post',
    path: '/api/sources/:id/back-off/reset',
    role: 'operator',
    summary: 'Forget failures, so that the next try comes at once',
    params,
    answers: { 202: sourceStateSchema },
    async handle({ door, identity, params }) {
      const { id } = door.sight.source(identity, params.id);
      door.watching.resetBackOff(id);
      await door.record(identity, 'reset-back-off', id);
      return door.states.of(id);
    },
  }),
  route({
    method: 'get',
    path: '/api/sources/:id/state',
    role: 'viewer',
    summary: 'All that is known of a source now',
    params,
    answers: { 200: sourceStateSchema },
    handle: ({ door, identity, params }) => door.states.of(door.sight.source(identity, params.id).id),
  }),
  route({
    method: 'get',
    path: '/api/sources/:id/attempts',
    role: 'operator',
    summary: 'The last tries to get a picture, newest first',
    params,
    answers: { 200: listOf(attemptSchema) },
    handle: ({ door, identity, params }) =>
      whole(door.watching.attempts(door.sight.source(identity, params.id).id)),
  }),
  route({
    method: 'get',
    path: '/api/sources/:id/log',
    role: 'operator',
    summary: 'What the programs of a source printed',
    params,
    answers: { 200: z.strictObject({ lines: z.array(z.string()) }) },
    handle: ({ door, identity, params }) => ({
      lines: door.watching.logOf(door.sight.source(identity, params.id).id),
    }),
  }),
  route({
    method: 'get',
    path: '/api/sources/:id/diagnostics',
    role: 'operator',
    summary: 'Everything that helps to find a fault, without secrets',
    params,
    answers: { 200: diagnosticsSchema },
    handle({ door, identity, params, response }) {
      const source = door.sight.source(identity, params.id);
      response.attachment(`glimpser-${source.id}.json`);
      return {
        glimpser: door.version,
        at: isoTime(door.clock.now()),
        // What operators may read is what may be passed on.
        source: shownSource(door.kinds, { role: 'operator', groups: null }, source),
        state: door.states.of(source.id),
        attempts: door.watching.attempts(source.id),
        lines: door.watching.logOf(source.id),
        viewers: door.watching.viewers(source.id),
        problems: door.states.hub().problems,
      };
    },
  }),
  route({
    method: 'get',
    path: '/api/sources/:id/stats',
    role: 'viewer',
    summary: 'Figures of a source',
    params,
    answers: { 200: statsSchema },
    async handle({ door, identity, params }) {
      const { id } = door.sight.source(identity, params.id);
      const { frames, failures, fps, captureMs, lastFrameAt } = door.states.of(id);
      const kept = await door.captures.totals(id);
      const events = await door.events.count(id);
      const viewers = door.watching.viewers(id);
      const { captures, bytes: captureBytes } = kept;
      return {
        sourceId: id,
        frames,
        failures,
        fps,
        captureMs,
        viewers,
        captures,
        captureBytes,
        lastFrameAt,
        events,
      };
    },
  }),
];
