/** Entities as REST shows them: the same values that other systems get over MQTT. */
import { z } from 'zod';
import { GlimpserError } from '#base/errors.ts';
import type { EntityKind, HubEntity, SourceEntity } from '#entities/kind.ts';
import type { Command } from '#model/command.ts';
import { type Identity, includesRole } from '#model/user.ts';
import type { Inside } from './inside.ts';
import { hubFor } from './sight.ts';

/** An entity with its value. */
export const entitySchema = z
  .strictObject({
    id: z.string().describe('<source id or hub>.<key>'),
    sourceId: z.string().nullable().describe('Null for the hub'),
    key: z.string(),
    title: z.string().nullable(),
    platform: z.string().describe('As Home Assistant calls it'),
    deviceClass: z.string().nullable(),
    unit: z.string().nullable(),
    category: z.string().nullable(),
    value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
    attributes: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Entity' });

/** An entity with its value. */
export type EntityShown = z.output<typeof entitySchema>;

/** The hub's own entities, and those of each source that one may see. */
export function listEntities(door: Inside, who: Identity, sourceId?: string): EntityShown[] {
  const sources = sourceId === undefined ? door.sight.list(who) : [door.sight.source(who, sourceId)];
  return [
    ...(sourceId === undefined ? hubEntities(door, who) : []),
    ...sources.flatMap(({ id }) => entitiesOf(door, id)),
  ];
}

/** One entity. Throws `not-found`. */
export function findEntity(door: Inside, who: Identity, id: string): EntityShown {
  const [owner = ''] = id.split('.', 1);
  const all = owner === 'hub' ? hubEntities(door, who) : entitiesOf(door, door.sight.source(who, owner).id);
  const found = all.find(entity => entity.id === id);
  if (found) return found;
  throw unknown(id);
}

/** What a value that somebody sends to an entity asks for. Throws `not-found`, `role-missing` or `body-invalid`. */
export function commandOf(door: Inside, who: Identity, id: string, value: string): Command {
  const { key, sourceId } = findEntity(door, who, id);
  const command =
    sourceId === null ? writeHub(door, who, key, value) : writeSource(door, sourceId, key, value);
  if (command) return command;
  throw new GlimpserError('method-refused', `The entity ${id} can be read only.`);
}

/** What concerns everybody is for admins. */
function writeHub(door: Inside, who: Identity, key: string, value: string): Command | undefined {
  const write = door.entities.hub.get(key)?.write;
  if (write && !includesRole(who.role, 'admin')) {
    throw new GlimpserError('role-missing', 'Only admins may change the hub itself.');
  }
  return write?.(value);
}

function writeSource(door: Inside, sourceId: string, key: string, value: string): Command | undefined {
  const { view, kinds } = sourceParts(door, sourceId);
  return kinds.get(key)?.write?.(value, view);
}

function hubEntities({ entities, states }: Inside, who: Identity): EntityShown[] {
  const state = hubFor(who, states.hub());
  return [...entities.hub].map(([key, entity]: [string, HubEntity]) =>
    shown(null, key, entity, entity.read(state), entity.attributes?.(state)),
  );
}

function entitiesOf(door: Inside, sourceId: string): EntityShown[] {
  const { view, kinds } = sourceParts(door, sourceId);
  return [...kinds]
    .filter(([, entity]) => entity.isFor?.(view) !== false)
    .map(([key, entity]) => shown(sourceId, key, entity, entity.read(view), entity.attributes?.(view)));
}

function sourceParts(door: Inside, sourceId: string) {
  const source = door.sources.get(sourceId);
  const { family = 'camera', hasVideo = false } = door.kinds.find(source.kind) ?? {};
  const kinds: ReadonlyMap<string, SourceEntity> = door.entities[family];
  return { view: { source, state: door.states.of(sourceId), hasVideo }, kinds };
}

function shown(
  sourceId: string | null,
  key: string,
  entity: EntityKind,
  value: EntityShown['value'],
  attributes: Record<string, unknown> | undefined,
): EntityShown {
  return {
    id: `${sourceId ?? 'hub'}.${key}`,
    sourceId,
    key,
    title: entity.title ?? null,
    platform: entity.platform,
    deviceClass: entity.deviceClass ?? null,
    unit: entity.unit ?? null,
    category: entity.category ?? null,
    value,
    attributes: attributes ?? {},
  };
}

function unknown(id: string): GlimpserError {
  return new GlimpserError('not-found', `There is no entity “${id.slice(0, 80)}”.`);
}
