/** An entity: one value that other systems see. What entities read and what they may ask for. */
import type { MqttState } from './signals.ts';
import type { Source } from './source.ts';
import type { SourceState } from './state.ts';

/** Home Assistant platforms that we announce today. */
export type Platform =
  | 'binary_sensor'
  | 'button'
  | 'camera'
  | 'event'
  | 'image'
  | 'number'
  | 'select'
  | 'sensor'
  | 'switch';

/** What a value of an entity can be. Null is “not known”. */
export type EntityValue = string | number | boolean | null;

/** The hub as its entities see it. */
export interface HubState {
  name: string;
  instance: string;
  version: string;
  startedAt: string;
  isPaused: boolean;
  logLevel: string;
  /** The variable of the environment that fixes the log level; unset: people may change it. */
  logLevelFixedBy?: string | undefined;
  /** Sentences about what is wrong now; empty when all is well. */
  problems: string[];
  sourcesOnline: number;
  sourcesFailed: number;
  memoryMiB: number;
  storageGiB: number;
  mqtt: MqttState;
}

/** A source as its entities see it. */
export interface SourceView {
  source: Source;
  state: SourceState;
  /** True when its kind gives a coded stream. */
  hasVideo: boolean;
}
