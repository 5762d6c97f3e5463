/** Preferences, kept versions of the settings, and the schedule. */
import { z } from 'zod';
import { isoTime } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import { checkInput } from '#doors/http/check-input.ts';
import type { Inside } from '#doors/http/inside.ts';
import { idParams, listOf, whole } from '#doors/http/lists.ts';
import { type Call, route } from '#doors/http/route.ts';
import { scheduleSchema } from '#model/schedule.ts';
import { type Preferences, preferencesSchema } from '#model/settings.ts';
import { type Identity, idOf, isUnlimited } from '#model/user.ts';

const changeSchema = z.record(z.string(), z.unknown()).meta({
  override: {
    type: 'object',
    description: 'Any fields of Preferences; `mqtt`, `network` and `ingress` are merged by key',
  },
});

const agendaSchema = z
  .strictObject({
    isPaused: z.boolean(),
    sources: z.array(
      z.strictObject({
        sourceId: z.string(),
        name: z.string(),
        schedule: scheduleSchema,
        enabled: z.boolean(),
        nextAt: z.string().nullable().describe('Null: live, switched off or paused'),
      }),
    ),
  })
  .meta({ id: 'Agenda' });

export default [
  route({
    method: 'get',
    path: '/api/settings',
    role: 'admin',
    summary: 'The preferences',
    answers: { 200: preferencesSchema },
    handle: ({ door }) => door.settings.now().preferences,
  }),
  route({
    method: 'patch',
    path: '/api/settings',
    role: 'admin',
    summary: 'Change preferences',
    body: changeSchema,
    answers: { 200: preferencesSchema },
    async handle({ door, identity, body }) {
      const merged = mergePreferences(door.settings.now().preferences, body);
      const wanted = checkInput(preferencesSchema, merged, 'body');
      refuseToLockOut(identity, wanted);
      await door.settings.changePreferences(wanted);
      await door.record(identity, 'change-settings', 'hub', Object.keys(body).join(', '));
      return door.settings.now().preferences;
    },
  }),
  route({
    method: 'get',
    path: '/api/settings/schema',
    role: 'admin',
    summary: 'The JSON Schema of the preferences',
    answers: { 200: z.record(z.string(), z.unknown()) },
    handle: () => z.toJSONSchema(preferencesSchema, { io: 'input' }) as Record<string, unknown>,
  }),
  route({
    method: 'get',
    path: '/api/settings/versions',
    role: 'admin',
    summary: 'Kept versions of the settings file, newest first',
    answers: { 200: listOf(z.strictObject({ id: z.string(), at: z.string(), bytes: z.number() })) },
    handle: async ({ door }) => whole(await door.settings.versions()),
  }),
  route({
    method: 'post',
    path: '/api/settings/versions/:id/restore',
    role: 'admin',
    summary: 'Take a kept version of the whole settings back',
    params: idParams,
    answers: { 200: preferencesSchema },
    async handle({ door, identity, params }) {
      await door.settings.restore(params.id);
      await door.record(identity, 'restore-settings', params.id);
      return door.settings.now().preferences;
    },
  }),
  route({
    method: 'get',
    path: '/api/schedule',
    role: 'operator',
    summary: 'When each source is looked at next',
    answers: { 200: agendaSchema },
    handle: agenda,
  }),
  ...(['pause', 'resume'] as const).map(verb =>
    route({
      method: 'post',
      path: `/api/schedule/${verb}`,
      role: 'operator',
      summary: verb === 'pause' ? 'Stop looking at all sources' : 'Look at sources again',
      answers: { 200: agendaSchema },
      async handle(call) {
        requireUnlimited(call.identity);
        await call.door.commander(
          { do: 'pause', isPaused: verb === 'pause' },
          call.identity.name,
          idOf(call.identity),
        );
        return agenda(call);
      },
    }),
  ),
];

/** Who came through Home Assistant may have no other way in. */
function refuseToLockOut({ ingressUserId, by }: Identity, { ingress }: Preferences): void {
  const role = ingress.users[ingressUserId ?? ''] ?? ingress.role;
  if (by !== 'ingress' || role === 'admin') return;
  throw new GlimpserError(
    'conflict',
    `This would leave you without the role admin. Give it to yourself first, in ingress.users under ${ingressUserId ?? 'your id'}.`,
  );
}

/** A pause stops every source, also those that this person may not see. */
function requireUnlimited(identity: Identity): void {
  if (isUnlimited(identity)) return;
  throw new GlimpserError(
    'role-missing',
    'A pause stops the sources of every group, and you are limited to some. Switch off single sources instead.',
  );
}

function agenda({ door, identity }: Pick<Call, 'door' | 'identity'>): z.input<typeof agendaSchema> {
  const { isPaused } = door.settings.now().preferences;
  const sources = door.sight.list(identity).map(({ id, name, schedule, enabled }) => ({
    sourceId: id,
    name,
    schedule,
    enabled,
    nextAt: enabled && !isPaused ? nextOf(door, id) : null,
  }));
  return { isPaused, sources };
}

function nextOf(door: Inside, sourceId: string): string | null {
  const at = door.nextAt(sourceId);
  return at === null ? null : isoTime(at);
}

function mergePreferences(now: Preferences, change: Record<string, unknown>): Record<string, unknown> {
  const { mqtt, network, ingress, ...rest } = change;
  return {
    ...now,
    ...rest,
    mqtt: mqtt === undefined ? now.mqtt : merge(now.mqtt, mqtt),
    network: network === undefined ? now.network : merge(now.network, network),
    ingress: ingress === undefined ? now.ingress : merge(now.ingress, ingress),
  };
}

/** What is no object is left for the check to refuse. */
function merge(now: object, change: unknown): unknown {
  return typeof change === 'object' && change !== null ? { ...now, ...change } : change;
}
