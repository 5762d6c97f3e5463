/** The table of signals: every fact that the hub tells, in the past tense, with its payload. */
import type { Bus } from '#base/bus.ts';
import type { GlimpserError } from '#base/errors.ts';
import type { Decoder } from '#base/hardware-choice.ts';
import type { Box } from '#base/picture-diff-regions.ts';
import type { Capture } from './capture.ts';
import type { Event } from './event.ts';
import type { PageFacts } from './frame.ts';
import type { Ptz } from './ptz.ts';
import type { Settings } from './settings.ts';
import type { Source } from './source.ts';
import type { Attempt, ProgramUse, SourceState, Trigger } from './state.ts';

/** Names and payloads. Instants are epoch milliseconds unless the payload is an API shape. */
export interface Signals {
  'settings.changed': { settings: Settings; before: Settings };
  /** A hand edit was wrong; the last good settings go on. No sentences: it is wrong no longer. */
  'settings.refused': { sentences: string[] };
  'source.added': { source: Source };
  'source.changed': { source: Source; before: Source };
  /** It is in the settings no longer; `mayReturn` when an edit by hand or an older version of the settings lacks it. */
  'source.removed': { source: Source; mayReturn?: boolean };
  /** A source began a try to get pictures, or, when others send them, to wait for them. */
  'source.started': { sourceId: string; at: number; isPosted: boolean };
  /** A picture came. Light: the pixels go by mailbox. */
  'source.captured': {
    sourceId: string;
    at: number;
    bytes: number;
    width: number;
    height: number;
    tookMs?: number;
    page?: PageFacts;
  };
  /** A try failed; the next is due at `retryAt`, or at the schedule's next time. */
  'source.failed': { sourceId: string; at: number; error: GlimpserError; retryAt: number | null };
  /** Nobody looks at a source that is looked at on demand only. */
  'source.slept': { sourceId: string; at: number };
  /** What its coded stream carries, told every few seconds while it runs. */
  'source.measured': { sourceId: string; at: number; fps: number; bitsPerSecond: number };
  /** Pictures for those who look came out of a decoder: `software`, or a way in hardware. */
  'source.decoded': { sourceId: string; at: number; decoder: Decoder; givenUp: Decoder | null };
  /** What its programs take, told every few seconds while any runs; null: the last has ended. */
  'source.weighed': { sourceId: string; at: number; programs: ProgramUse | null };
  /** Something of it was left out: a picture that the hub was too slow for, or a group that a player was too slow for. */
  'source.dropped': { sourceId: string; at: number; what: 'picture' | 'group' };
  /** A source was switched off, or all captures were paused. */
  'source.stopped': { sourceId: string; at: number; reason: string };
  /** A source told something that it noticed itself, such as the motion sensor of a camera. */
  'source.triggered': { sourceId: string; at: number; trigger: Trigger; isOn: boolean };
  /**
   * A page looks different, by more than noise. `share` of its watched pixels, 0 to 1; boxes in pixels of the later
   * picture, which is `width` by `height`.
   */
  'page.changed': {
    sourceId: string;
    at: number;
    share: number;
    boxes: Box[];
    width: number;
    height: number;
  };
  /** What is known of moving a camera changed; null: it cannot be moved. */
  'ptz.changed': { sourceId: string; at: number; ptz: Ptz | null };
  'source.attempted': { sourceId: string; attempt: Attempt };
  'state.changed': { state: SourceState; before: SourceState };
  'event.opened': { event: Event };
  'event.closed': { event: Event };
  'capture.kept': { capture: Capture };
  'capture.forgotten': { captureId: string; sourceId: string };
  'mqtt.changed': { state: MqttState };
  /** What the broker does not let this user do; no sentences: all is well again. */
  'mqtt.refused': { sentences: string[] };
  /** Sources are looked at again after restarts in a circle. */
  'safe-mode.left': Record<string, never>;
  /** A viewer of live pictures came or went. */
  'viewers.changed': { sourceId: string; viewers: number };
}

/** How the hub stands with its broker. */
export interface MqttState {
  status: 'off' | 'connecting' | 'online' | 'offline' | 'error';
  /** In words, without credentials. */
  reason: string;
  /** Broker address without credentials; null when MQTT is off. */
  broker: string | null;
  isBuiltIn: boolean;
  /** ISO time of the last change. */
  since: string;
}

/** The hub's one bus. */
export type HubBus = Bus<Signals>;
