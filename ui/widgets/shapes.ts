/** What the hub sends, as far as pages read it; test/ui/shapes.test.ts holds it against the hub's own types. */

/** live, on-demand, a duration such as 10s, or cron with a time zone. */
export type Schedule = string | { cron: string; timezone: string };

/** Something that the hub looks at. */
export interface Source {
  id: string;
  name: string;
  kind: string;
  enabled: boolean;
  groups: string[];
  tags: string[];
  notes: string;
  schedule: Schedule;
  options: Record<string, unknown>;
  keep: { every: string; newest: number };
  privacy: { hidden: boolean };
}

/** One word on how a source is. */
export type SourceStatus = 'starting' | 'waiting' | 'ok' | 'asleep' | 'degraded' | 'error' | 'disabled';

/** All that is known of a source now. Instants are ISO 8601. */
export interface SourceState {
  sourceId: string;
  status: SourceStatus;
  reason: string;
  code: string | null;
  isOnline: boolean;
  since: string;
  lastFrameAt: string | null;
  retryAt: string | null;
  captureMs: number | null;
  fps: number | null;
  bitsPerSecond: number | null;
  /** What decodes for those who look; null before anybody looked. */
  decoder?: string | null;
  /** The way in hardware that gave no picture. */
  decoderGivenUp?: string | null;
  /** What its programs take; null while none runs for long. */
  programs?: { cpuPercent: number; memoryMiB: number } | null;
  /** What was left out since the hub started. */
  dropped?: { pictures: number; groups: number };
  reconnects: number;
  width: number | null;
  height: number | null;
  bytes: number | null;
  frames: number;
  failures: number;
  page: { httpStatus?: number; title?: string; finalUrl?: string; loadMs?: number; readyBy?: string } | null;
  /** What the source noticed itself; null: it tells no such thing. */
  triggers?: { motion: boolean | null };
  /** Null: it cannot be moved, or that is not known yet. */
  ptz?: Ptz | null;
}

/** How a camera can be moved. */
export interface Ptz {
  canTurn: boolean;
  canZoom: boolean;
  presets: Array<{ id: string; name: string }>;
  /** Preset that it stands at. */
  at: string | null;
}

/** One try to get a picture. */
export interface Attempt {
  at: string;
  isSuccess: boolean;
  tookMs: number;
  code: string | null;
  sentence: string;
}

/** A picture that was kept. */
export interface Capture {
  id: string;
  sourceId: string;
  at: string;
  reason: 'schedule' | 'request' | 'event';
  type: string;
  width: number;
  height: number;
  bytes: number;
  isStarred: boolean;
}

/** Something that happened at a source. */
export interface HubEvent {
  id: string;
  sourceId: string;
  type: 'source_lost' | 'source_recovered' | 'load_failed' | 'load_recovered' | 'camera_motion' | 'changed';
  openedAt: string;
  closedAt: string | null;
  summary: string;
}

/** A group of sources. */
export interface Group {
  id: string;
  name: string;
}

/** One kind of source with the JSON Schema of its options. */
export interface KindInfo {
  id: string;
  title: string;
  description: string;
  family: 'camera' | 'website';
  /** It gives a coded stream. */
  hasVideo: boolean;
  schedule: string;
  options: Record<string, unknown>;
}

/** How the hub stands with its MQTT broker. */
export interface MqttState {
  status: 'off' | 'connecting' | 'online' | 'offline' | 'error';
  reason: string;
  broker: string | null;
  isBuiltIn: boolean;
  since: string;
}
