/** A hub in memory, as the MQTT door sees it: sources, states, pictures and a bus that a test moves by hand. */
import { Bus } from '#server/base/bus.ts';
import { type Clock, isoTime } from '#server/base/clock.ts';
import { GlimpserError } from '#server/base/errors.ts';
import { silentLog } from '#server/base/log.ts';
import type { MqttServices } from '#server/doors/mqtt/door.ts';
import { loadEntities } from '#server/entities/kind.ts';
import type { Command } from '#server/model/command.ts';
import { readConfig } from '#server/model/config.ts';
import type { HubState } from '#server/model/entity.ts';
import type { Event, EventType } from '#server/model/event.ts';
import type { Frame, PictureType } from '#server/model/frame.ts';
import type { KindInfo } from '#server/model/services.ts';
import { type Preferences, type Settings, settingsSchema } from '#server/model/settings.ts';
import type { Signals } from '#server/model/signals.ts';
import { type Source, sourceSchema } from '#server/model/source.ts';
import { initialState, type SourceState } from '#server/model/state.ts';
import { REPOSITORY } from '#test/house/repository.ts';

const entities = await loadEntities(`${REPOSITORY}/server/entities`);

/** A hub without stages. */
export class MqttWorld {
  readonly bus = new Bus<Signals>((listener, signal, thrown) => {
    throw new Error(`${listener} failed at ${signal}`, { cause: thrown });
  });
  /** What people asked for. */
  readonly commands: Array<{ command: Command; who: string }> = [];
  /** Pictures that were sent. */
  readonly posted: Array<{ sourceId: string; image: Buffer }> = [];
  /** Set to make every command fail. */
  failure: GlimpserError | undefined;
  readonly warnings: string[] = [];
  password: string | undefined;
  /** The variable that fixes the log level. */
  logLevelFixedBy: string | undefined;
  settings: Settings;
  readonly #sources = new Map<string, Source>();
  readonly #states = new Map<string, SourceState>();
  readonly #frames = new Map<string, Frame>();
  readonly #clock: Clock;

  constructor(clock: Clock, instance = 'a1b2c3') {
    this.#clock = clock;
    this.settings = settingsSchema.parse({ version: 1, instance });
  }

  services(environment: Record<string, string>, more: Partial<MqttServices> = {}): MqttServices {
    const get = (id: string) => {
      const source = this.#sources.get(id);
      if (source) return source;
      throw new GlimpserError('not-found', `There is no source “${id}”.`);
    };
    return {
      config: readConfig({ MQTT_BROKER_PORT: '0', ...environment }),
      version: '0.1.0',
      settings: () => this.settings,
      entities,
      kinds: { find: kind => kindOf(kind) },
      sources: { list: () => [...this.#sources.values()], find: id => this.#sources.get(id), get },
      states: { of: id => this.state(id), hub: () => this.hub() },
      watching: { latest: id => this.#frames.get(id) },
      commander: async (command, who) => {
        if (this.failure) throw this.failure;
        this.commands.push({ command, who });
      },
      posting: {
        post: (sourceId, image) => {
          if (this.failure) throw this.failure;
          this.posted.push({ sourceId, image });
          return { type: 'image/jpeg', width: 1, height: 1 };
        },
      },
      bus: this.bus,
      passwords: {
        get: async () => this.password,
        set: async password => {
          this.password = password;
        },
      },
      clock: this.#clock,
      random: () => 0.5,
      log: { ...silentLog, warning: sentence => void this.warnings.push(sentence), part: () => this.#log() },
      ...more,
    };
  }

  hub(): HubState {
    const states = [...this.#states.values()];
    return {
      name: this.settings.preferences.name,
      instance: this.settings.instance,
      version: '0.1.0',
      startedAt: '2026-01-01T00:00:00.000Z',
      isPaused: this.settings.preferences.isPaused,
      logLevel: this.settings.preferences.logLevel,
      logLevelFixedBy: this.logLevelFixedBy,
      problems: [],
      sourcesOnline: states.filter(state => state.isOnline).length,
      sourcesFailed: states.filter(state => state.status === 'error').length,
      memoryMiB: 80,
      storageGiB: 0,
      mqtt: { status: 'online', reason: '', broker: null, isBuiltIn: false, since: '' },
    };
  }

  state(id: string): SourceState {
    return this.#states.get(id) ?? initialState(id, true, isoTime(0));
  }

  addSource(id: string, more: Partial<Source> = {}): Source {
    const source = sourceSchema.parse({ id, name: 'Front door', kind: 'rtsp', schedule: '10s', ...more });
    this.#sources.set(id, source);
    this.bus.emit('source.added', { source });
    return source;
  }

  changeSource(id: string, more: Partial<Source>): void {
    const before = this.#sources.get(id);
    const source = sourceSchema.parse({ ...before, ...more });
    this.#sources.set(id, source);
    if (before) this.bus.emit('source.changed', { source, before });
  }

  removeSource(id: string): void {
    const source = this.#sources.get(id);
    this.#sources.delete(id);
    this.#states.delete(id);
    this.#frames.delete(id);
    if (source) this.bus.emit('source.removed', { source });
  }

  changeState(id: string, more: Partial<SourceState>): void {
    const before = this.state(id);
    const state = { ...before, ...more };
    this.#states.set(id, state);
    this.bus.emit('state.changed', { state, before });
  }

  /** A picture comes. */
  capture(
    id: string,
    image: Buffer,
    size: { width: number; height: number },
    type: PictureType = 'image/jpeg',
  ): void {
    const sequence = (this.#frames.get(id)?.sequence ?? 0) + 1;
    const at = this.#clock.now() + sequence;
    this.#frames.set(id, { sourceId: id, sequence, image, type, at, ...size });
    this.bus.emit('source.captured', { sourceId: id, at, bytes: image.length, ...size });
  }

  event(sourceId: string, type: EventType): Event {
    return { id: `e-${type}`, sourceId, type, openedAt: isoTime(0), closedAt: null, summary: 'It happened.' };
  }

  prefer(change: Partial<Preferences['mqtt']>): void {
    const before = this.settings;
    const preferences = { ...before.preferences, mqtt: { ...before.preferences.mqtt, ...change } };
    this.settings = { ...before, preferences };
    this.bus.emit('settings.changed', { settings: this.settings, before });
  }

  #log(): MqttServices['log'] {
    return { ...silentLog, warning: sentence => void this.warnings.push(sentence) };
  }
}

function kindOf(id: string): KindInfo {
  const family = id === 'website' ? 'website' : 'camera';
  return { id, title: id, description: id, family, hasVideo: id === 'rtsp', schedule: '10s', options: {} };
}
