/** What doors may ask of the floors below: the hub hands these over, so that a door imports no stage. */

import type { ErrorCode } from '#base/errors.ts';
import type { Capture, CaptureReason } from './capture.ts';
import type { EntityValue, HubState } from './entity.ts';
import type { Frame } from './frame.ts';
import type { Source, SourceDraft } from './source.ts';
import type { Attempt, SourceState } from './state.ts';

/** One kind of source, as forms and the API show it. */
export interface KindInfo {
  id: string;
  title: string;
  description: string;
  family: 'camera' | 'website';
  /** True when it gives a coded stream, which is handed on without decoding. */
  hasVideo: boolean;
  /** The schedule of a source of this kind when none is given. */
  schedule: string;
  /** JSON Schema of `options`; secret fields carry `secret: true`, multi-line text `multiline: true`, what is picked from a list `picks`. */
  options: Record<string, unknown>;
}

/** The kinds that were found in server/sources. */
export interface KindCatalog {
  list(): KindInfo[];
  /** Undefined for an unknown kind. */
  find(kind: string): KindInfo | undefined;
  /** Checks and completes options. Throws `kind-unknown` or `body-invalid` with a path per field. */
  check(kind: string, options: unknown): Record<string, unknown>;
  /** Names of the options that are secrets. */
  secretsOf(kind: string): string[];
  /** Names of the options that hold ids of other sources. */
  sourcesNamedBy(kind: string): string[];
}

/** What a dry run found. */
export interface DryRun {
  picture: Frame | null;
  attempts: Attempt[];
  /** Milliseconds until the picture, or until it failed. */
  tookMs: number;
  failure: { code: ErrorCode; sentence: string } | null;
  /** What its programs printed, credentials redacted, oldest first. */
  lines?: string[];
  /** What the source calls itself: the title of its page, the model of a camera. */
  name?: string | undefined;
}

/** Pictures of running sources. */
export interface Watching {
  /** The newest picture in memory, if any came since the start. */
  latest(sourceId: string): Frame | undefined;
  /** Every new picture, newest only, until disposed. Counts as a viewer when `isViewer`. */
  take(sourceId: string, options: { isViewer: boolean }): AsyncIterable<Frame> & Disposable;
  /** Calls back for every new picture without a mailbox: for fan-out that does its own dropping. */
  listen(sourceId: string, call: (frame: Frame) => void, options: { isViewer: boolean }): Disposable;
  viewers(sourceId: string): number;
  /** Keeps a source awake and its coded stream coming, whatever its schedule, until disposed. */
  hold(sourceId: string): Disposable;
  /** Takes a picture now. Throws what failed. */
  captureNow(sourceId: string, signal?: AbortSignal): Promise<Frame>;
  /** Ends the running connection and starts afresh, without waiting. */
  restart(sourceId: string): void;
  /** Forgets failures, so that the next try comes at once. */
  resetBackOff(sourceId: string): void;
  /** The last tries, newest first. */
  attempts(sourceId: string): Attempt[];
  /** The last lines that programs of this source printed, credentials redacted, oldest first. */
  logOf(sourceId: string): string[];
  /** What a source would give, without storing it. */
  tryOut(source: Source, signal?: AbortSignal): Promise<DryRun>;
}

/** The sources that are configured. Reads give open secrets; doors mask them. */
export interface SourceBook {
  list(): Source[];
  find(id: string): Source | undefined;
  /** Like find, but throws `not-found`. */
  get(id: string): Source;
  /** Checks a draft whole, without storing it. `before` supplies kept secrets. */
  check(draft: SourceDraft, before?: Source): Source;
  create(draft: SourceDraft): Promise<Source>;
  replace(id: string, draft: SourceDraft): Promise<Source>;
  remove(id: string): Promise<void>;
  /** Sets the order of the list; ids that are left out keep their place behind. */
  order(ids: string[]): Promise<void>;
}

/** The states that signals were folded into. */
export interface StateBook {
  of(sourceId: string): SourceState;
  all(): SourceState[];
  hub(): HubState;
}

/** Keeps pictures on request. */
export interface Keeping {
  keep(frame: Frame, reason: CaptureReason): Promise<Capture>;
  /** Bytes of all captures on disk. */
  storedBytes(): number;
}

/** Values of entities for REST and live updates: `connection`, `status`, … per source. */
export type EntityValues = Record<string, EntityValue>;
