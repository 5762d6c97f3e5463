/** A hub in memory behind a real HTTP door: real accounts in SQLite, real sources, pictures by hand. */
import { Bus } from '#server/base/bus.ts';
import { isoTime } from '#server/base/clock.ts';
import { GlimpserError } from '#server/base/errors.ts';
import type { HardwareRow } from '#server/base/hardware-probe.ts';
import { silentLog } from '#server/base/log.ts';
import { checkPicture } from '#server/base/picture.ts';
import { createSecretBox } from '#server/base/secret.ts';
import { createHttpDoor, type HttpDoor } from '#server/doors/http/door.ts';
import type { HttpServices } from '#server/doors/http/services.ts';
import { loadEntities } from '#server/entities/kind.ts';
import type { Capture } from '#server/model/capture.ts';
import type { Command } from '#server/model/command.ts';
import { readConfig } from '#server/model/config.ts';
import type { Frame } from '#server/model/frame.ts';
import type { SafeMode } from '#server/model/safe-mode.ts';
import type { Signals } from '#server/model/signals.ts';
import { type Source, sourceSchema } from '#server/model/source.ts';
import { initialState, type SourceState } from '#server/model/state.ts';
import { createMovieBook } from '#server/stages/movie/book.ts';
import { createRenditions } from '#server/stages/watch/rendition.ts';
import { createGroupBook } from '#server/store/group-book.ts';
import { createSourceBook } from '#server/store/source-book.ts';
import { type History, openHistory } from '#server/wiring/history.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { HandDiscovery } from '#test/fakes/hand-discovery.ts';
import { HandMedia } from '#test/fakes/hand-media.ts';
import { HandPtz } from '#test/fakes/hand-ptz.ts';
import { HandWatching } from '#test/fakes/hand-watching.ts';
import { fakeKinds } from '#test/fakes/kinds.ts';
import { MemorySettings } from '#test/fakes/memory-settings.ts';
import { REPOSITORY } from '#test/house/repository.ts';

const entities = await loadEntities(`${REPOSITORY}/server/entities`);

/** The fixed key of the test hub; it has the admin role. */
export const API_KEY = 'a-fixed-key-of-the-test';

/** Headers that carry the fixed key. */
export const ADMIN = { 'x-api-key': API_KEY };

/** What a test may want otherwise. */
export interface WorldOptions {
  environment?: Record<string, string>;
  uiFolder?: string;
  ingressPeer?: string;
}

/** A hub without stages: what happens in it is what a test makes happen. */
export class HttpWorld {
  readonly clock = new FakeClock();
  readonly bus = new Bus<Signals>((listener, signal, thrown) => {
    throw new Error(`${listener} failed at ${signal}`, { cause: thrown });
  });
  readonly settings = new MemorySettings(this.bus);
  readonly kinds = fakeKinds();
  readonly sources = createSourceBook(this.settings, this.kinds);
  readonly watching = new HandWatching(this.bus);
  readonly ptz = new HandPtz();
  readonly discovery = new HandDiscovery();
  readonly secrets = createSecretBox('a secret of the test');
  /** What was asked of the commander. */
  readonly commands: Array<{ command: Command; who: string }> = [];
  readonly files = new Map<string, Buffer>();
  /** The streams of every source; a test sets its tracks and hands out its units. */
  readonly media = new HandMedia([]);
  hasVideo = true;
  isReady = true;
  broker: ReturnType<HttpServices['builtInBroker']> = null;
  problems: string[] = [];
  safeMode: SafeMode | null = null;
  readonly hardware = {
    probes: 0,
    ffmpegVersion: '5.1.9',
    status: {
      preference: 'auto' as const,
      isProbing: false,
      at: '2026-01-01T00:00:00.000Z',
      uses: { h264: 'vaapi' as const, h265: 'software' as const },
      rows: [HARDWARE_ROW],
    },
    async probe() {
      this.probes++;
    },
  };
  /** Pictures that were sent. */
  readonly posted: Array<{ sourceId: string; image: Buffer }> = [];
  readonly #states = new Map<string, SourceState>();

  state(id: string): SourceState {
    return this.#states.get(id) ?? initialState(id, true, isoTime(this.clock.now()));
  }

  changeState(id: string, change: Partial<SourceState>): void {
    const before = this.state(id);
    const state = { ...before, ...change };
    this.#states.set(id, state);
    this.bus.emit('state.changed', { state, before });
  }

  /** Adds a camera, in a group when one is named. */
  async addSource(id: string, over: Partial<Source> = {}): Promise<Source> {
    const options = { url: 'rtsp://10.0.0.5/1?pwd=inurl', username: 'ann', password: 'tulip' };
    const source = sourceSchema.parse({
      id,
      name: `Camera ${id}`,
      kind: 'cam',
      schedule: 'live',
      options,
      ...over,
    });
    await this.settings.update(copy => ({ ...copy, sources: [...copy.sources, source] }));
    return source;
  }

  services(
    history: History,
    { environment = {}, uiFolder = '/nowhere', ingressPeer }: WorldOptions,
  ): HttpServices {
    const { clock, bus, secrets, kinds, sources, settings, watching, ptz, discovery } = this;
    const { streamLogins, users, sessions, keys, audit, captures, events, linkEpochs } = history;
    return {
      ...{ clock, bus, secrets, kinds, sources, watching, ptz, discovery, entities, uiFolder },
      rtspPort: () => 8554,
      ...{ streamLogins, users, sessions, keys, audit, captures, events, linkEpochs },
      config: readConfig({ HOST: '127.0.0.1', PORT: '0', INGRESS_PORT: '0', API_KEY, ...environment }),
      version: '0.1.0',
      isDemo: false,
      log: silentLog,
      groups: createGroupBook(settings),
      settings: {
        now: () => settings.current,
        changePreferences: async change => {
          await settings.update(copy => ({ ...copy, preferences: { ...copy.preferences, ...change } }));
        },
        versions: () => settings.versions(),
        restore: async id => void (await settings.restore(id)),
      },
      states: { of: id => this.state(id), all: () => [...this.#states.values()], hub: () => this.#hub() },
      nextAt: () => null,
      pictures: createRenditions(watching),
      movies: createMovieBook({ media: this.media, clock, log: silentLog, nameOf: id => `Camera ${id}` }),
      hasVideo: () => this.hasVideo,
      posting: {
        post: (sourceId, image) => {
          const facts = checkPicture(image);
          this.posted.push({ sourceId, image });
          return facts;
        },
      },
      files: this.#keeping(history),
      commander: async (command, who) => void this.commands.push({ command, who }),
      parts: () => [{ part: 'settings', isReady: this.isReady, reason: 'Read' }],
      safeMode: () => this.safeMode,
      logLines: () => [{ at: isoTime(clock.now()), level: 'info', part: 'hub', message: 'A line' }],
      hardware: this.hardware,
      browser: { status: () => BROWSER },
      builtInBroker: () => this.broker,
      ...(ingressPeer === undefined ? {} : { ingressPeer }),
    };
  }

  #keeping({ captures }: History): HttpServices['files'] {
    return {
      keep: async (frame, reason) => {
        const capture = captureOf(frame, reason, `kept${this.files.size + 1}`);
        this.files.set(capture.id, frame.image);
        await captures.add(capture);
        return capture;
      },
      storedBytes: () => 123,
      read: async ({ id }) => {
        const image = this.files.get(id);
        if (image) return image;
        throw new GlimpserError('not-found', 'The file of this picture is gone.');
      },
      forget: async ({ id }) => {
        this.files.delete(id);
        await captures.remove([id]);
      },
    };
  }

  #hub(): ReturnType<HttpServices['states']['hub']> {
    const { name, isPaused, logLevel } = this.settings.current.preferences;
    return {
      ...{ name, isPaused, logLevel, instance: this.settings.current.instance, version: '0.1.0' },
      startedAt: '2026-01-01T00:00:00.000Z',
      problems: this.problems,
      sourcesOnline: 0,
      sourcesFailed: 0,
      memoryMiB: 80,
      storageGiB: 0,
      mqtt: {
        status: 'off',
        reason: 'Switched off',
        broker: 'mqtt://broker.test',
        isBuiltIn: false,
        since: '2026-01-01T00:00:00.000Z',
      },
    };
  }
}

/** A running door of such a hub. */
export interface OpenWorld {
  world: HttpWorld;
  history: History;
  door: HttpDoor;
  /** Without a slash at its end. */
  url: string;
  ports: number[];
}

interface Ending {
  after(call: () => Promise<void>): void;
}

/** Opens the door; it is closed when the test ends. */
export async function openWorld(t: Ending, options: WorldOptions = {}): Promise<OpenWorld> {
  const world = new HttpWorld();
  const history = await openHistory(':memory:', world.secrets, world.clock);
  t.after(async () => history[Symbol.asyncDispose]());
  const door = await createHttpDoor(world.services(history, options));
  t.after(async () => door[Symbol.asyncDispose]());
  const { port, ports } = await door.listen();
  return { world, history, door, url: `http://127.0.0.1:${port}`, ports };
}

const HARDWARE_ROW: HardwareRow = {
  ...{ preset: 'vaapi', title: 'VAAPI (Intel, AMD)', codec: 'h264', device: '/dev/dri/renderD128' },
  ...{ isUsable: true, reason: 'Works.', framesPerSecond: 9000, softwareFramesPerSecond: 3000 },
};

const BROWSER = {
  path: undefined,
  isRunning: false,
  pid: undefined,
  jobs: 0,
  waiting: 0,
  crashes: 0,
  isSandboxed: true,
  version: undefined,
};

function captureOf(
  { sourceId, at, type, width, height, image }: Frame,
  reason: Capture['reason'],
  id: string,
): Capture {
  return {
    id,
    sourceId,
    at: isoTime(at),
    reason,
    type,
    width,
    height,
    bytes: image.length,
    isStarred: false,
  };
}
