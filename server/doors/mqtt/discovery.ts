/** Device-based discovery messages, made from entities and nothing else. */
import type { Entities } from '#entities/kind.ts';
import type { SourceView } from '#model/entity.ts';
import type { PictureType } from '#model/frame.ts';
import { type Component, componentOf } from './component.ts';
import { isConnection, placeHubEntity, placeSourceEntity } from './placement.ts';
import { slugify } from './slug.ts';
import type { Topics } from './topics.ts';

/** How we sign discovery messages; stale ones are found by it. */
export const ORIGIN_NAME = 'Glimpser';

const SUPPORT_URL = 'https://github.com/glimpser/glimpser';

/** What every device shares. */
export interface DiscoveryFacts {
  topics: Topics;
  entities: Entities;
  version: string;
  /** Address of the web app; unset: devices have no link. */
  publicUrl: string | undefined;
}

/** A source, with what only its pictures tell. */
export interface DiscoveredSource extends SourceView {
  family: 'camera' | 'website';
  /** Format of the newest picture. */
  pictureType: PictureType;
}

/** A discovery message before it is written as JSON. */
export interface DeviceMessage {
  device: Record<string, unknown>;
  origin: { name: string; sw_version: string; support_url: string };
  availability?: Array<{ topic: string }>;
  availability_mode?: 'all';
  qos: 0 | 1;
  components: Record<string, Component>;
}

/** The hub's own device. It has no availability of its own: its connection is what tells it. */
export function hubMessage(facts: DiscoveryFacts, name: string): DeviceMessage {
  const { topics, version } = facts;
  const availability = [{ topic: topics.bridge.state }];
  const deviceSlug = slugify(name, 'glimpser');
  const components = [...facts.entities.hub].map(([key, entity]) => {
    const component = componentOf(entity, {
      key,
      place: placeHubEntity(key, entity, topics),
      uniqueId: `${topics.deviceId()}_${key}`,
      deviceSlug,
      pictureType: 'image/jpeg',
    });
    return [key, isConnection(entity) ? component : { ...component, availability }] as const;
  });
  return {
    device: {
      identifiers: [topics.deviceId()],
      name,
      manufacturer: 'Glimpser',
      model: 'Hub',
      sw_version: version,
      ...link(facts, ''),
    },
    origin: originOf(version),
    qos: 1,
    components: Object.fromEntries(components),
  };
}

/** The device of a camera or website. */
export function sourceMessage(facts: DiscoveryFacts, found: DiscoveredSource): DeviceMessage {
  const { topics } = facts;
  const { source, family } = found;
  return {
    device: {
      identifiers: [topics.deviceId(source.id)],
      name: source.name,
      manufacturer: 'Glimpser',
      model: family === 'camera' ? 'Camera source' : 'Website source',
      via_device: topics.deviceId(),
      ...link(facts, `sources/${source.id}`),
    },
    origin: originOf(facts.version),
    availability: [{ topic: topics.bridge.state }, { topic: topics.source(source.id).availability }],
    availability_mode: 'all',
    qos: 0,
    components: sourceComponents(facts, found),
  };
}

/** True when a website's pictures need a JPEG beside them for its camera. */
export function hasPreview({
  family,
  pictureType,
}: Pick<DiscoveredSource, 'family' | 'pictureType'>): boolean {
  return family === 'website' && pictureType !== 'image/jpeg';
}

function sourceComponents(facts: DiscoveryFacts, found: DiscoveredSource): Record<string, Component> {
  const { topics, entities } = facts;
  const { source } = found;
  const fitting = [...entities[found.family]].filter(([, entity]) => entity.isFor?.(found) ?? true);
  const components = fitting.map(([key, entity]) => {
    const options = entity.optionsOf?.(found);
    const component = componentOf(options ? { ...entity, options } : entity, {
      key,
      place: placeSourceEntity(key, entity, topics, { sourceId: source.id, hasPreview: hasPreview(found) }),
      uniqueId: `${topics.deviceId(source.id)}_${key}`,
      deviceSlug: slugify(source.name, source.id),
      pictureType: found.pictureType,
    });
    // An offline source can still be switched on, so its settings depend on the hub alone.
    const onlyHub = { availability: [{ topic: topics.bridge.state }], availability_mode: 'latest' };
    return [key, entity.needsSource ? component : { ...component, ...onlyHub }] as const;
  });
  return Object.fromEntries(components);
}

function originOf(version: string): DeviceMessage['origin'] {
  return { name: ORIGIN_NAME, sw_version: version, support_url: SUPPORT_URL };
}

function link({ publicUrl }: DiscoveryFacts, path: string): { configuration_url?: string } {
  return publicUrl === undefined ? {} : { configuration_url: `${publicUrl.replace(/\/+$/, '')}/${path}` };
}
