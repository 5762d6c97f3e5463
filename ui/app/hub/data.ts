/** All that the app knows of the hub now, and how live messages change it. */

import type { LiveMessage } from '#app/net/live-steps.ts';
import type { Group, HubEvent, KindInfo, MqttState, Source, SourceState } from '#widgets/shapes.ts';

/** Who is logged in. */
export interface Me {
  name: string;
  role: 'viewer' | 'operator' | 'admin';
  groups: string[] | null;
  by: 'cookie' | 'bearer' | 'key' | 'token' | 'ingress';
  userId: string | null;
}

/** What may be seen now: set-up first, then a login, then everything. */
export type Access = 'unknown' | 'setup' | 'login' | 'in';

/** The safe mode that the hub is in. */
export interface SafeMode {
  since: string;
  reason: string;
  triesAgainAt: string;
}

/** All that the app knows. */
export interface HubData {
  access: Access;
  /** The hub's name. */
  name: string;
  version: string;
  isIngress: boolean;
  me: Me | null;
  sources: Source[];
  states: Record<string, SourceState>;
  /** Ids of sources that send video themselves. */
  withVideo: string[];
  groups: Group[];
  kinds: KindInfo[];
  mqtt: MqttState | null;
  /** True once sources and states came from the hub itself. */
  isLoaded: boolean;
  /** False while the hub does not answer. */
  isReachable: boolean;
  /** When the data was last right, epoch milliseconds. */
  seenAt: number | null;
  isPaused: boolean;
  /** Set after restarts in a circle: no source is looked at until an admin says so. */
  safeMode: SafeMode | null;
  /** Where recorders play streams; null while that port is closed or unknown. */
  rtspPort: number | null;
}

/** What is known before the first answer. */
export const UNKNOWN: HubData = {
  access: 'unknown',
  name: 'Glimpser',
  version: '',
  isIngress: false,
  me: null,
  sources: [],
  states: {},
  withVideo: [],
  groups: [],
  kinds: [],
  mqtt: null,
  isLoaded: false,
  isReachable: true,
  seenAt: null,
  isPaused: false,
  safeMode: null,
  rtspPort: null,
};

interface Payloads {
  state?: SourceState | MqttState;
  source?: Source;
  sourceId?: string;
  event?: HubEvent;
  groups?: Group[];
  preferences?: { name: string; isPaused: boolean };
}

/** What a live message changes; empty when it changes nothing that is kept here. */
export function applyMessage(data: Readonly<HubData>, message: LiveMessage): Partial<HubData> {
  const payload = (message.payload ?? {}) as Payloads;
  switch (message.signal) {
    case 'state.changed': {
      const state = payload.state as SourceState;
      return { states: { ...data.states, [state.sourceId]: state } };
    }
    case 'source.added':
    case 'source.changed':
      return payload.source ? { sources: withSource(data.sources, payload.source) } : {};
    case 'source.removed':
      return { sources: data.sources.filter(source => source.id !== payload.sourceId) };
    case 'safe-mode.left':
      return { safeMode: null };
    case 'mqtt.changed':
      return { mqtt: payload.state as MqttState };
    case 'settings.changed':
      return {
        ...(payload.groups ? { groups: payload.groups } : {}),
        ...(payload.preferences
          ? { name: payload.preferences.name, isPaused: payload.preferences.isPaused }
          : {}),
      };
    default:
      return {};
  }
}

function withSource(sources: Source[], source: Source): Source[] {
  const isKnown = sources.some(other => other.id === source.id);
  return isKnown ? sources.map(other => (other.id === source.id ? source : other)) : [...sources, source];
}

/** True for messages after which another source may send video itself. */
export function changesVideo(data: Readonly<HubData>, { signal, payload }: LiveMessage): boolean {
  if (signal === 'source.added' || signal === 'source.changed') return true;
  if (signal !== 'state.changed') return false;
  const { state } = payload as { state: SourceState };
  const before = data.states[state.sourceId];
  return state.isOnline && (before?.isOnline !== true || before.reconnects !== state.reconnects);
}
