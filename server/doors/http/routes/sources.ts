/** Sources: listed, created, changed, removed. */
import { z } from 'zod';
import type { Inside } from '#doors/http/inside.ts';
import { listOf, whole } from '#doors/http/lists.ts';
import { type Call, route } from '#doors/http/route.ts';
import { shownSource } from '#doors/http/shown-source.ts';
import {
  changedDraft,
  readDraft,
  readReplacement,
  sourceBodySchema,
  sourceChangeSchema,
} from '#doors/http/source-input.ts';
import { groupIdSchema, type Source, sourceIdSchema, sourceSchema } from '#model/source.ts';
import { sourceStateSchema } from '#model/state.ts';

const params = z.strictObject({ id: sourceIdSchema });

export default [
  route({
    method: 'get',
    path: '/api/sources',
    role: 'viewer',
    summary: 'All sources that one may see, in their order',
    query: z.strictObject({ group: groupIdSchema.optional(), kind: z.string().max(32).optional() }),
    answers: { 200: listOf(sourceSchema) },
    handle({ door, identity, query: { group, kind } }) {
      const found = door.sight
        .list(identity)
        .filter(source => group === undefined || source.groups.includes(group))
        .filter(source => kind === undefined || source.kind === kind);
      return whole(found.map(source => shownSource(door.kinds, identity, source)));
    },
  }),
  route({
    method: 'get',
    path: '/api/states',
    role: 'viewer',
    summary: 'The states of all sources that one may see',
    answers: { 200: listOf(sourceStateSchema) },
    handle: ({ door, identity }) => whole(door.sight.list(identity).map(source => door.states.of(source.id))),
  }),
  route({
    method: 'post',
    path: '/api/sources',
    role: 'admin',
    summary: 'Create a source',
    body: sourceBodySchema,
    answers: { 201: sourceSchema },
    async handle({ door, identity, body }) {
      const source = await door.sources.create(readDraft(body));
      await door.record(identity, 'create-source', source.id, source.name);
      return shownSource(door.kinds, identity, source);
    },
  }),
  route({
    method: 'post',
    path: '/api/sources/order',
    role: 'operator',
    summary: 'Set the order of the sources that one may see',
    body: z.strictObject({ ids: z.array(sourceIdSchema).max(10_000) }),
    answers: { 204: null },
    async handle({ door, identity, body }) {
      const wanted = new Set(body.ids.map(id => door.sight.source(identity, id).id));
      await door.sources.order(reordered(door, [...wanted]));
      await door.record(identity, 'order-sources', 'hub');
    },
  }),
  route({
    method: 'get',
    path: '/api/sources/:id',
    role: 'viewer',
    summary: 'One source',
    params,
    answers: { 200: sourceSchema },
    handle: call => shown(call, call.door.sight.source(call.identity, call.params.id)),
  }),
  route({
    method: 'put',
    path: '/api/sources/:id',
    role: 'admin',
    summary: 'Replace a source; secrets that come back masked are kept',
    params,
    body: sourceBodySchema,
    answers: { 200: sourceSchema },
    async handle(call) {
      const { id } = call.door.sight.source(call.identity, call.params.id);
      const source = await call.door.sources.replace(id, readReplacement(call.body, id));
      await call.door.record(call.identity, 'change-source', id, source.name);
      return shown(call, source);
    },
  }),
  route({
    method: 'patch',
    path: '/api/sources/:id',
    role: 'operator',
    summary: 'Change a part of a source; operators: name, notes, tags, enabled, schedule',
    params,
    body: sourceChangeSchema,
    answers: { 200: sourceSchema },
    async handle(call) {
      const { door, identity, params, body } = call;
      const before = door.sight.source(identity, params.id);
      const source = await door.sources.replace(before.id, changedDraft(before, body, identity));
      await door.record(identity, 'change-source', source.id, Object.keys(body).join(', '));
      return shown(call, source);
    },
  }),
  route({
    method: 'delete',
    path: '/api/sources/:id',
    role: 'admin',
    summary: 'Remove a source with all that was kept of it',
    params,
    answers: { 204: null },
    async handle({ door, identity, params }) {
      const source = door.sight.source(identity, params.id);
      await door.sources.remove(source.id);
      await door.record(identity, 'remove-source', source.id, source.name);
    },
  }),
  route({
    method: 'post',
    path: '/api/sources/:id/duplicate',
    role: 'admin',
    summary: 'Copy a source; the copy is switched off',
    params,
    body: z.strictObject({ name: z.string().trim().min(1).max(80).optional() }),
    isBodyOptional: true,
    answers: { 201: sourceSchema },
    async handle(call) {
      const { door, identity, params } = call;
      const { id, ...draft } = door.sight.source(identity, params.id);
      const name = call.body?.name ?? `${draft.name.slice(0, 73)} (copy)`;
      const source = await door.sources.create({ ...draft, name, enabled: false });
      await door.record(identity, 'duplicate-source', source.id, `of ${id}`);
      return shown(call, source);
    },
  }),
];

function shown({ door, identity }: Pick<Call, 'door' | 'identity'>, source: Source): Source {
  return shownSource(door.kinds, identity, source);
}

/** Who sees only some sources orders these among themselves; the others stay where they are. */
function reordered({ sources }: Inside, wanted: string[]): string[] {
  const next = wanted.values();
  const isWanted = new Set(wanted);
  return sources.list().map(({ id }) => (isWanted.has(id) ? (next.next().value ?? id) : id));
}
