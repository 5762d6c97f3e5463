/** One entity as a component of a discovery message. */
import type { EntityKind } from '#entities/kind.ts';
import type { PictureType } from '#model/frame.ts';
import { isConnection, type Placement } from './placement.ts';

/** A component, as Home Assistant reads it. */
export type Component = { platform: string } & Record<string, unknown>;

/** What an entity does not know about itself. */
export interface ComponentFacts {
  key: string;
  place: Placement;
  uniqueId: string;
  /** The device's name as a slug. */
  deviceSlug: string;
  /** Format of the pictures on an image's topic. */
  pictureType: PictureType;
}

/** Describes an entity. Availability is added by its device. */
export function componentOf(entity: EntityKind, facts: ComponentFacts): Component {
  const ending = entity.entityId ?? facts.key;
  const component: Component = {
    platform: entity.platform,
    unique_id: facts.uniqueId,
    default_entity_id: `${entity.platform}.${facts.deviceSlug}${ending === '' ? '' : `_${ending}`}`,
    name: entity.title,
    device_class: entity.deviceClass,
    state_class: entity.stateClass,
    unit_of_measurement: entity.unit,
    suggested_display_precision: entity.precision,
    icon: entity.icon,
    entity_category: entity.category,
    enabled_by_default: entity.isEnabledByDefault === false ? false : undefined,
    options: entity.options,
    json_attributes_topic: facts.place.attributesTopic,
    ...valueKeys(entity, facts),
  };
  const known = Object.entries(component).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Component;
}

function valueKeys(entity: EntityKind, { place, pictureType }: ComponentFacts): Record<string, unknown> {
  const { stateTopic, commandTopic, field } = place;
  const value_template = field && template(entity, field);
  switch (entity.platform) {
    case 'camera':
      return { topic: stateTopic };
    case 'image':
      return { image_topic: stateTopic, content_type: pictureType };
    case 'event':
      return { state_topic: stateTopic, event_types: entity.eventTypes };
    case 'sensor':
      return { state_topic: stateTopic, value_template };
    case 'binary_sensor': {
      const payloads = isConnection(entity) ? { payload_on: 'online', payload_off: 'offline' } : {};
      return { state_topic: stateTopic, value_template, ...payloads };
    }
    case 'number':
      return { state_topic: stateTopic, command_topic: commandTopic, ...entity.range, mode: 'box' };
    case 'switch':
    case 'select':
    case 'button':
      return {
        state_topic: stateTopic,
        value_template,
        command_topic: commandTopic,
        ...requestKeys(entity, field),
      };
  }
}

/** Our templates are the smallest possible: a test cannot run them, Home Assistant can. */
function template(entity: EntityKind, field: string): string {
  const isSwitch = entity.platform === 'binary_sensor' || entity.platform === 'switch';
  if (isSwitch) return `{{ 'ON' if value_json.${field} else 'OFF' }}`;
  return `{{ value_json.${field}${entity.maxLength ? `[:${entity.maxLength}]` : ''} }}`;
}

/** Requests to the hub are JSON, so that they can carry a transaction. */
function requestKeys(entity: EntityKind, field: string | undefined): Record<string, unknown> {
  if (entity.of !== 'hub' || !entity.request) return {};
  if (entity.platform === 'button') return { payload_press: '{}' };
  if (entity.platform === 'select') return { command_template: `{"options":{"${field}":"{{ value }}"}}` };
  return {
    payload_on: `{"${field}":true}`,
    payload_off: `{"${field}":false}`,
    state_on: 'ON',
    state_off: 'OFF',
  };
}
