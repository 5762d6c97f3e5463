/** Where an entity lives on the broker: its topics, and its name in a JSON document when it shares one. */
import type { EntityKind, HubEntity, SourceEntity } from '#entities/kind.ts';
import { attributesOf, type Topics } from './topics.ts';

/** Topics of one entity. */
export interface Placement {
  /** Unset for what has no value, such as a button. */
  stateTopic?: string;
  /** Name in the JSON document on `stateTopic`; unset: the topic carries the bare value. */
  field?: string;
  attributesTopic?: string;
  commandTopic?: string;
}

/** True for the entity that shows the availability of its device. */
export function isConnection(entity: EntityKind): boolean {
  return entity.platform === 'binary_sensor' && entity.deviceClass === 'connectivity';
}

/** Where an entity of the hub lives. */
export function placeHubEntity(key: string, entity: HubEntity, topics: Topics): Placement {
  const place: Placement = {};
  if (isConnection(entity)) place.stateTopic = topics.bridge.state;
  else if (entity.document) {
    place.stateTopic = topics.bridge[entity.document];
    place.field = entity.field ?? key;
  }
  if (entity.request) place.commandTopic = topics.bridge.request(entity.request);
  return withAttributes(place, entity);
}

/**
 * Where an entity of a source lives. Home Assistant shows a camera as JPEG only, so a website whose pictures are
 * none has a second topic for its camera.
 */
export function placeSourceEntity(
  key: string,
  entity: SourceEntity,
  topics: Topics,
  { sourceId, hasPreview }: { sourceId: string; hasPreview: boolean },
): Placement {
  const at = topics.source(sourceId);
  const place: Placement = {};
  if (isConnection(entity)) place.stateTopic = at.availability;
  else if (entity.platform === 'camera') place.stateTopic = hasPreview ? at.preview : at.image;
  else if (entity.platform === 'image') place.stateTopic = at.image;
  else if (entity.platform === 'event') place.stateTopic = at.event;
  else if (entity.platform === 'sensor') {
    place.stateTopic = at.state;
    place.field = entity.field ?? key;
  } else if (entity.platform !== 'button') place.stateTopic = at.value(key);
  if (entity.write) place.commandTopic = at.command(key);
  return withAttributes(place, entity);
}

function withAttributes(place: Placement, entity: EntityKind): Placement {
  if (entity.attributes && place.stateTopic) place.attributesTopic = attributesOf(place.stateTopic);
  return place;
}
