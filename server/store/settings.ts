/** The settings: in memory checked and with open secrets, on disk whole and sealed; hand edits are taken over or refused. */
import { randomInt } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Low } from 'lowdb';
import type { Clock } from '#base/clock.ts';
import { GlimpserError, sentenceOf } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { SecretBox } from '#base/secret.ts';
import type { KindCatalog } from '#model/services.ts';
import { SETTINGS_VERSION, type Settings, settingsSchema } from '#model/settings.ts';
import type { HubBus } from '#model/signals.ts';
import type { Locked } from './sealed-options.ts';
import {
  checkSettings,
  checkShape,
  loadSettingsMigrations,
  type SettingsMigration,
} from './settings-check.ts';
import { tellSettings } from './settings-diff.ts';
import { SettingsFile, type SettingsVersion } from './settings-file.ts';
import { readAtStart } from './settings-start.ts';

const SETTLE_MS = 300;

/** What the store needs. */
export interface SettingsOptions {
  file: string;
  box: SecretBox;
  kinds: KindCatalog;
  clock: Clock;
  bus: HubBus;
  log: Log;
  /** Throws `disk-failed` while the data folder is not the one that the hub started with. */
  checkFolder?: () => Promise<void>;
}

/** The settings of a hub. */
export interface SettingsStore extends AsyncDisposable {
  /** Checked, secrets open. Treat it as frozen: change it by update alone. */
  readonly current: Settings;
  /** Sentences about what happened at the start. */
  readonly notices: readonly string[];
  /** False in a start whose settings are an older version or new: what they lack may have been lost, not removed. */
  readonly isFromFile: boolean;
  /** Sentences about what is wrong now: secrets that cannot be read. */
  problems(): string[];
  /** One change at a time: gets a copy, answers the new settings; written before it resolves. */
  update(change: (copy: Settings) => Settings): Promise<Settings>;
  versions(): Promise<SettingsVersion[]>;
  /** Takes an old version back. Throws `not-found`. */
  restore(id: string): Promise<Settings>;
}

/** Opens the file; makes it at the first start. Throws `settings-invalid` when nothing good is left. */
export async function openSettings(options: SettingsOptions): Promise<SettingsStore> {
  const file = new SettingsFile(options);
  const store = new StoredSettings(options, file, await loadSettingsMigrations());
  await store.start();
  return store;
}

/** Checked settings from a file, with what could not be opened of them. */
interface Checked {
  settings: Settings;
  locked: Locked;
}

class StoredSettings implements SettingsStore {
  readonly notices: string[] = [];
  isFromFile = false;
  readonly #options: SettingsOptions;
  readonly #file: SettingsFile;
  readonly #low: Low<Settings>;
  readonly #migrations: ReadonlyMap<number, SettingsMigration>;
  readonly #log: Log;
  #queue: Promise<unknown> = Promise.resolve();
  #watcher: FSWatcher | undefined;
  #settle: Disposable | undefined;
  #isFileWrong = false;

  constructor(
    options: SettingsOptions,
    file: SettingsFile,
    migrations: ReadonlyMap<number, SettingsMigration>,
  ) {
    this.#options = options;
    this.#file = file;
    this.#migrations = migrations;
    this.#log = options.log.part('settings');
    this.#low = new Low<Settings>(file, firstSettings());
  }

  get current(): Settings {
    return this.#low.data;
  }

  problems(): string[] {
    return this.#file.problems(this.current);
  }

  async start(): Promise<void> {
    const begun = await readAtStart(this.#file, text => this.#checked(text));
    this.notices.push(...begun.notices);
    this.isFromFile = begun.text !== undefined;
    if (begun.checked) this.#put(begun.checked);
    if (begun.text === undefined) await this.#low.write();
    else this.#file.takeOver(begun.text);
    this.#watcher = watch(dirname(this.#file.path), (_, name) => {
      if (name === null || name === basename(this.#file.path)) this.#edited();
    });
    this.#watcher.on('error', thrown => this.#log.warning(`Hand edits are not seen: ${thrown.message}`));
    this.#watcher.unref();
  }

  update(change: (copy: Settings) => Settings): Promise<Settings> {
    return this.#inTurn(async () => {
      const settings = checkShape(change(structuredClone(this.current)));
      await this.#take({ settings, locked: this.#file.locked }, false);
      return this.current;
    });
  }

  versions(): Promise<SettingsVersion[]> {
    return this.#file.versions();
  }

  async restore(id: string): Promise<Settings> {
    const text = await this.#file.readVersion(id);
    if (text === undefined) throw new GlimpserError('not-found', 'There is no such version of the settings.');
    return this.#inTurn(async () => {
      await this.#take(this.#checked(text), true);
      return this.current;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watcher?.close();
    this.#settle?.[Symbol.dispose]();
    await this.#queue;
  }

  #put({ settings, locked }: Checked): void {
    this.#low.data = settings;
    this.#file.locked = locked;
  }

  #checked(text: string): Checked {
    let locked: Locked = new Map();
    const settings = checkSettings(text, {
      file: this.#file.path,
      kinds: this.#options.kinds,
      migrations: this.#migrations,
      open: raw => {
        const opened = this.#file.opened(raw);
        locked = opened.locked;
        return opened.settings;
      },
    });
    return { settings, locked };
  }

  /** Editors write in several steps; the file is read when it has been still for a moment. */
  #edited(): void {
    this.#settle?.[Symbol.dispose]();
    this.#settle = this.#options.clock.after(SETTLE_MS, () => {
      this.#inTurn(() => this.#readEdit()).catch(thrown =>
        this.#log.error('Reading the settings failed', { error: thrown }),
      );
    });
  }

  async #readEdit(): Promise<void> {
    const text = await this.#file.readText();
    if (text === null) return this.#writeAgain();
    if (this.#file.isOwn(text)) return this.#forgive();
    try {
      const checked = this.#checked(text);
      this.#forgive();
      this.#file.takeOver(text);
      await this.#take(checked, true);
      this.#log.info('A hand edit of the settings was taken over');
    } catch (thrown) {
      this.#isFileWrong = true;
      const sentence = `${sentenceOf(thrown)} The last good settings go on.`;
      this.#log.warning(sentence);
      this.#options.bus.emit('settings.refused', { sentences: [sentence] });
    }
  }

  /** A file that somebody removed is no wish to lose the settings. */
  async #writeAgain(): Promise<void> {
    this.#forgive();
    await this.#low.write();
    this.#log.warning('The settings file was gone; it was written again');
  }

  /** A wrong edit is undone or gone: nothing is left to complain about. */
  #forgive(): void {
    if (!this.#isFileWrong) return;
    this.#isFileWrong = false;
    this.#options.bus.emit('settings.refused', { sentences: [] });
  }

  async #take(checked: Checked, isWhole: boolean): Promise<void> {
    const { settings } = checked;
    const before = { settings: this.current, locked: this.#file.locked };
    if (this.#isFileWrong) {
      const aside = await this.#file.putAside('refused');
      if (aside !== undefined) this.#log.warning(`The wrong settings file is kept as ${aside}`);
      this.#forgive();
    }
    this.#put(checked);
    try {
      await this.#low.write();
    } catch (thrown) {
      this.#put(before);
      throw thrown;
    }
    tellSettings(this.#options.bus, settings, before.settings, isWhole);
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(step);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

function firstSettings(): Settings {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const instance = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('');
  return settingsSchema.parse({ version: SETTINGS_VERSION, instance });
}
