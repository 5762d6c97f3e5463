/** What the HTTP door is handed by the hub: the parts below it, by the shapes that it needs. */
import type { BrowserStatus } from '#base/browser.ts';
import type { Clock } from '#base/clock.ts';
import type { HardwareChoice } from '#base/hardware-choice.ts';
import type { Log, LogLine } from '#base/log.ts';
import type { SecretBox } from '#base/secret.ts';
import type { Entities } from '#entities/kind.ts';
import type { Capture } from '#model/capture.ts';
import type { Commander } from '#model/command.ts';
import type { Config } from '#model/config.ts';
import type { Discovery } from '#model/discovery.ts';
import type { Frame } from '#model/frame.ts';
import type { MovieBook } from '#model/media.ts';
import type { Shape } from '#model/picture-shape.ts';
import type { Posting } from '#model/posting.ts';
import type { PtzBook } from '#model/ptz.ts';
import type { SafeMode } from '#model/safe-mode.ts';
import type { Keeping, KindCatalog, SourceBook, StateBook, Watching } from '#model/services.ts';
import type { Preferences, Settings } from '#model/settings.ts';
import type { HubBus } from '#model/signals.ts';
import type { Group } from '#model/source.ts';
import type { Audit } from '#store/audit.ts';
import type { Captures } from '#store/captures.ts';
import type { Events } from '#store/events.ts';
import type { Keys } from '#store/keys.ts';
import type { LinkEpochs } from '#store/link-epochs.ts';
import type { Sessions } from '#store/sessions.ts';
import type { StreamLoginBook } from '#store/stream-logins.ts';
import type { Users } from '#store/users.ts';

/** A table without its private parts, so that another implementation fits. */
type Verbs<Table> = Pick<Table, keyof Table>;

/** Users, logins, keys, which signed links were withdrawn, and who did what. */
export interface AccountTables {
  users: Verbs<Users>;
  sessions: Verbs<Sessions>;
  keys: Verbs<Keys>;
  linkEpochs: Verbs<LinkEpochs>;
  audit: Verbs<Audit>;
  streamLogins: Verbs<StreamLoginBook>;
  /** Where recorders play streams; null while that port is closed. */
  rtspPort(): number | null;
}

/** Pictures in other shapes, made once for all who asked for the same; always JPEG. */
export interface PictureShaper {
  listen(
    sourceId: string,
    shape: Shape,
    call: (frame: Frame) => void,
    options: { isViewer: boolean },
  ): Disposable;
  /** One frame in the shape. Throws `picture-invalid`, or `too-many-requests` while too many are made. */
  still(frame: Frame, shape: Shape): Promise<Frame>;
}

/** The groups that are configured. */
export interface GroupBook {
  list(): Group[];
  /** Throws `conflict` when the id is taken. */
  create(group: Group): Promise<Group>;
  /** Throws `not-found`. */
  rename(id: string, name: string): Promise<Group>;
  /** Removes it from every source too. Throws `not-found`. */
  remove(id: string): Promise<void>;
}

/** A stored version of the settings file. */
export interface SettingsVersion {
  id: string;
  at: string;
  bytes: number;
}

/** The settings file. */
export interface SettingsBook {
  now(): Settings;
  /** Merges top-level keys. Throws `settings-invalid`. */
  changePreferences(change: Partial<Preferences>): Promise<void>;
  /** Newest first. */
  versions(): Promise<SettingsVersion[]>;
  /** Throws `not-found`. */
  restore(id: string): Promise<void>;
}

/** Kept pictures on disk. */
export interface CaptureFiles extends Keeping {
  /** The bytes of a kept picture. Throws `not-found` when the file is gone. */
  read(capture: Capture): Promise<Buffer>;
  /** Removes file and row, starred or not. */
  forget(capture: Capture): Promise<void>;
}

/** A part of the hub and whether it works. */
export interface PartStatus {
  part: string;
  isReady: boolean;
  /** In words. */
  reason: string;
}

/** How others log in to the built-in broker. */
export interface BrokerAccess {
  host: string;
  port: number;
  username: string;
  password: string;
}

/** Everything that the door is handed. */
export interface HttpServices extends AccountTables {
  config: Pick<Config, 'HOST' | 'PORT' | 'API_KEY' | 'PUBLIC_URL' | 'INGRESS_PORT' | 'SUPERVISOR_TOKEN'>;
  version: string;
  /** True with --demo. */
  isDemo: boolean;
  /** Where the built web app lies; it may be missing. */
  uiFolder: string;
  clock: Clock;
  log: Log;
  bus: HubBus;
  secrets: SecretBox;
  entities: Entities;
  kinds: KindCatalog;
  sources: SourceBook;
  groups: GroupBook;
  settings: SettingsBook;
  states: StateBook;
  watching: Watching;
  /** When a source is looked at next by its schedule; null for live or nothing. Epoch milliseconds. */
  nextAt(sourceId: string): number | null;
  pictures: PictureShaper;
  movies: MovieBook;
  /** The source sends coded video itself: a movie of it costs no encoding, so that pages may show it unasked. */
  hasVideo(sourceId: string): boolean;
  files: CaptureFiles;
  captures: Verbs<Captures>;
  events: Verbs<Events>;
  commander: Commander;
  /** Takes pictures that others send. */
  posting: Posting;
  ptz: PtzBook;
  discovery: Discovery;
  /** Every part that others depend on. */
  parts(): PartStatus[] | Promise<PartStatus[]>;
  /** The safe mode that the hub is in; null while it runs as ever. */
  safeMode(): SafeMode | null;
  /** The newest lines of the log, oldest first. */
  logLines(): LogLine[];
  /** What decodes video. */
  hardware: Pick<HardwareChoice, 'status' | 'probe' | 'ffmpegVersion'>;
  browser: { status(): BrowserStatus };
  /** Null while another broker is used. */
  builtInBroker(): BrokerAccess | null;
  /** Address of the Supervisor; the only peer of the ingress listener. Set by tests. */
  ingressPeer?: string;
}
