/** The tables of the history as Kysely sees them. Instants are epoch milliseconds, booleans 0 and 1. */
import type { Capture, CaptureReason } from '#model/capture.ts';
import type { EventType } from '#model/event.ts';
import type { Role } from '#model/user.ts';

export interface CaptureRow {
  id: string;
  source_id: string;
  at: number;
  reason: CaptureReason;
  type: Capture['type'];
  width: number;
  height: number;
  bytes: number;
  is_starred: number;
}

export interface EventRow {
  id: string;
  source_id: string;
  type: EventType;
  opened_at: number;
  closed_at: number | null;
  summary: string;
}

export interface UserRow {
  id: string;
  name: string;
  /** Lower case, for the comparison; unique. */
  name_key: string;
  role: Role;
  /** JSON list, or null for all groups. */
  groups: string | null;
  password_hash: string;
  created_at: number;
  last_seen_at: number | null;
}

export interface SessionRow {
  id: string;
  user_id: string;
  token_hash: string;
  refresh_hash: string;
  /** Of the token that was swapped last, at `refreshed_at`. */
  previous_refresh_hash: string | null;
  refreshed_at: number | null;
  created_at: number;
  last_seen_at: number;
  expires_at: number;
  address: string;
  agent: string;
}

export interface KeyRow {
  id: string;
  name: string;
  prefix: string;
  key_hash: string;
  role: Role;
  groups: string | null;
  created_at: number;
  last_used_at: number | null;
}

export interface AuditRow {
  id: string;
  at: number;
  who: string;
  /** Id of the user or key, or of the user in Home Assistant; null for the hub and MQTT. */
  who_id: string | null;
  action: string;
  target: string;
  detail: string;
}

/** How often the links of a maker were withdrawn. */
export interface LinkEpochRow {
  maker: string;
  epoch: number;
}

/** One sealed value by name: broker credentials and the like. */
export interface ValueRow {
  name: string;
  sealed: string;
}

/** The last known state of a source, as JSON, so that it is there after a restart. */
export interface StateRow {
  source_id: string;
  at: number;
  state: string;
}

/** A source that has captures but is not in the settings, and since when. */
export interface MissingRow {
  source_id: string;
  missed_ms: number;
}

/** Every table by name. */
export interface Tables {
  captures: CaptureRow;
  events: EventRow;
  users: UserRow;
  sessions: SessionRow;
  keys: KeyRow;
  audit: AuditRow;
  link_epochs: LinkEpochRow;
  hub_values: ValueRow;
  states: StateRow;
  missing_sources: MissingRow;
}
