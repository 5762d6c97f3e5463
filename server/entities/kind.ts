/** The contract of an entity: one file, one default export; the file's name is its key in MQTT and REST. */
import type { EntityValue, HubState, Platform, SourceView } from '#model/entity.ts';
import type { Command } from '#model/command.ts';

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
}

/** An entity of the hub's own device. */
export interface HubEntity extends EntityBase {
  of: 'hub';
  /** Pure. */
  read(state: HubState): EntityValue;
  /** Turns what a person sent into a command. Throws `body-invalid` for a value it does not take. */
  write?(value: string): Command;
}

/** An entity of every source of the named families. */
export interface SourceEntity extends EntityBase {
  of: 'source';
  families: ReadonlyArray<'camera' | 'website'>;
  /** True (default): unavailable while the source is offline. False: depends on the hub alone. */
  needsSource: boolean;
  /** Left out for sources that it has no meaning for. */
  isFor?(view: SourceView): boolean;
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
