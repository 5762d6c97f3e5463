/** Values of entities as the texts that stand on their topics; pure. */
import type { Entities, EntityKind } from '#entities/kind.ts';
import type { EntityValue, HubState, SourceView } from '#model/entity.ts';
import { isConnection, type Placement, placeHubEntity, placeSourceEntity } from './placement.ts';
import { attributesOf, type Topics } from './topics.ts';

/** Texts by topic. */
export type Texts = Map<string, string>;

/** Everything retained about the hub, except its own connection, which the connection itself tells. */
export function hubTexts(state: HubState, entities: Entities, topics: Topics): Texts {
  const documents = new Documents();
  documents.put(topics.bridge.info, 'instance', state.instance);
  documents.put(topics.bridge.info, 'name', state.name);
  for (const [key, entity] of entities.hub) {
    if (isConnection(entity)) continue;
    const place = placeHubEntity(key, entity, topics);
    documents.putValue(place, entity, entity.read(state));
    documents.putAttributes(place, entity.attributes?.(state));
  }
  return documents.texts();
}

/** Everything retained about a source, except its pictures. */
export function sourceTexts(
  view: SourceView,
  family: 'camera' | 'website',
  entities: Entities,
  topics: Topics,
): Texts {
  const documents = new Documents();
  const { id } = view.source;
  for (const [key, entity] of entities[family]) {
    if (entity.isFor?.(view) === false) continue;
    const place = placeSourceEntity(key, entity, topics, { sourceId: id, hasPreview: false });
    documents.putValue(place, entity, entity.read(view));
    documents.putAttributes(place, entity.attributes?.(view));
  }
  return documents.texts();
}

/** The list of sources, for people who write automations of their own, and for finding what became stale. */
export function sourcesText(
  instance: string,
  sources: Array<{ id: string; name: string; kind: string; family: string; enabled: boolean }>,
): string {
  const list = sources.map(({ id, name, kind, family, enabled }) => ({ id, name, kind, family, enabled }));
  return JSON.stringify({ instance, sources: list });
}

/** Every retained topic that a source can ever have had, pictures included. */
export function everyTopicOf(sourceId: string, entities: Entities, topics: Topics): string[] {
  const at = topics.source(sourceId);
  const found = new Set([at.availability, at.state, attributesOf(at.state), at.image, at.preview]);
  found.add(attributesOf(at.image));
  for (const [key, entity] of [...entities.camera, ...entities.website]) {
    const place = placeSourceEntity(key, entity, topics, { sourceId, hasPreview: false });
    if (place.stateTopic && entity.platform !== 'event') found.add(place.stateTopic);
    if (place.attributesTopic) found.add(place.attributesTopic);
  }
  return [...found];
}

class Documents {
  readonly #documents = new Map<string, Record<string, unknown>>();
  readonly #plain: Texts = new Map();

  put(topic: string, field: string, value: unknown): void {
    const document = this.#documents.get(topic) ?? {};
    document[field] = value;
    this.#documents.set(topic, document);
  }

  putValue({ stateTopic, field }: Placement, entity: EntityKind, value: EntityValue): void {
    if (stateTopic === undefined || ['camera', 'image', 'event'].includes(entity.platform)) return;
    if (field !== undefined) this.put(stateTopic, field, value);
    else this.#plain.set(stateTopic, plainText(entity, value));
  }

  putAttributes({ attributesTopic }: Placement, attributes: Record<string, unknown> | undefined): void {
    if (attributesTopic && attributes) this.#documents.set(attributesTopic, attributes);
  }

  texts(): Texts {
    const written = [...this.#documents].map(([topic, value]) => [topic, JSON.stringify(value)] as const);
    return new Map([...this.#plain, ...written]);
  }
}

function plainText(entity: EntityKind, value: EntityValue): string {
  if (isConnection(entity)) return value === true ? 'online' : 'offline';
  if (typeof value === 'boolean') return value ? 'ON' : 'OFF';
  return value === null ? 'None' : String(value);
}
