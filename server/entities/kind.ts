/**
 * The contract of an entity: one file, one default export. The folder says which device it belongs to
 * (`hub`, `camera`, `website`, or `source` for cameras and websites alike); the file's name, with `_` for `-`,
 * is its key in MQTT and REST.
 */
import { join } from 'node:path';
import { loadKinds } from '#base/kinds.ts';
import type { Command } from '#model/command.ts';
import type { EntityValue, HubState, Platform, SourceView } from '#model/entity.ts';

/** What entities of every device say about themselves. */
interface EntityBase {
  /** Name in Home Assistant; null: the device's own name; undefined: the translated name of the class. */
  title: string | null | undefined;
  /** One sentence for the manual. */
  description: string;
  platform: Platform;
  deviceClass?: string;
  stateClass?: 'measurement';
  unit?: string;
  icon?: string;
  category?: 'config' | 'diagnostic';
  /** False: Home Assistant knows it but hides it until a person switches it on. */
  isEnabledByDefault?: boolean;
  /** Decimal places shown. */
  precision?: number;
  /** For select and enum sensors. */
  options?: readonly string[];
  /** For number. */
  range?: { min: number; max: number; step: number };
  /** For event. */
  eventTypes?: readonly string[];
  /** Ending of the entity id that Home Assistant is asked to use; unset: the key; empty: the device's name alone. */
  entityId?: string;
  /** Name of the value in the JSON document that carries it; unset: the key. */
  field?: string;
  /** Longer text is cut; Home Assistant takes 255 characters. */
  maxLength?: number;
}

/** An entity of the hub's own device. */
export interface HubEntity extends EntityBase {
  of: 'hub';
  /** The document that carries its value: what seldom changes, or figures. Unset: it has no value to carry. */
  document?: 'info' | 'health';
  /** The request that writes it; `options` is shared by all settings. */
  request?: string;
  /** Not announced while it has no meaning. */
  isFor?(state: HubState): boolean;
  /** Pure. */
  read(state: HubState): EntityValue;
  /** Facts beside the value; replaced whole at each change. */
  attributes?(state: HubState): Record<string, unknown>;
  /** Turns what a person sent into a command. Throws `body-invalid` for a value it does not take. */
  write?(value: string): Command;
}

/** An entity of a source; its folder says of which family. */
export interface SourceEntity extends EntityBase {
  of: 'source';
  /** True (default): unavailable while the source is offline. False: depends on the hub alone. */
  needsSource: boolean;
  /** Left out for sources that it has no meaning for. */
  isFor?(view: SourceView): boolean;
  /** For selects whose options are the source's own, instead of `options`. */
  optionsOf?(view: SourceView): readonly string[];
  /** Pure. */
  read(view: SourceView): EntityValue;
  /** Facts beside the value; replaced whole at each change. */
  attributes?(view: SourceView): Record<string, unknown>;
  write?(value: string, view: SourceView): Command;
}

/** An entity of either device. */
export type EntityKind = HubEntity | SourceEntity;

/** Names the type; adds nothing. */
export function defineEntity<Kind extends EntityKind>(kind: Kind): Kind {
  return kind;
}

/** Every entity by key, for each device that we announce. */
export interface Entities {
  hub: ReadonlyMap<string, HubEntity>;
  camera: ReadonlyMap<string, SourceEntity>;
  website: ReadonlyMap<string, SourceEntity>;
}

/** Reads the entities of a folder like server/entities. */
export async function loadEntities(folder: string): Promise<Entities> {
  const [hub, source, camera, website] = await Promise.all([
    loadKeys<HubEntity>(join(folder, 'hub')),
    loadKeys<SourceEntity>(join(folder, 'source')),
    loadKeys<SourceEntity>(join(folder, 'camera')),
    loadKeys<SourceEntity>(join(folder, 'website')),
  ]);
  return { hub, camera: new Map([...source, ...camera]), website: new Map([...source, ...website]) };
}

async function loadKeys<Kind extends EntityKind>(folder: string): Promise<Map<string, Kind>> {
  const kinds = await loadKinds<Kind>(folder);
  return new Map([...kinds].map(([id, kind]) => [id.replaceAll('-', '_'), kind]));
}
