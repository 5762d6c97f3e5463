/** The settings file on disk: written whole or not at all, secrets sealed, the last ten versions kept. */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Adapter } from 'lowdb';
import { type Clock, isoTime } from '#base/clock.ts';
import { diskFailure } from '#base/disk-failure.ts';
import { GlimpserError, sentenceOf } from '#base/errors.ts';
import type { SecretBox } from '#base/secret.ts';
import type { KindCatalog } from '#model/services.ts';
import type { Settings } from '#model/settings.ts';
import { type Locked, lockedSentences, openOptions, sealOptions, stillLocked } from './sealed-options.ts';

const KEPT_VERSIONS = 10;

/** A kept version. */
export interface SettingsVersion {
  id: string;
  at: string;
  bytes: number;
}

/** What the file needs. */
export interface SettingsFileOptions {
  file: string;
  box: SecretBox;
  kinds: Pick<KindCatalog, 'find' | 'secretsOf'>;
  clock: Clock;
  /** Throws `disk-failed` while the folder is not the one that the hub started with. */
  checkFolder?: () => Promise<void>;
}

/** lowdb's adapter for our file; what it reads is unchecked. */
export class SettingsFile implements Adapter<Settings> {
  readonly path: string;
  /** What this hub cannot open: it is written back as it is until somebody enters it again. */
  locked: Locked = new Map();
  readonly #options: SettingsFileOptions;
  readonly #versions: string;
  #lastWritten: string | undefined;
  #versionProblem: string | undefined;

  constructor(options: SettingsFileOptions) {
    this.#options = options;
    this.path = options.file;
    this.#versions = join(dirname(options.file), 'settings-versions');
  }

  /** The raw text of the file, or null when there is none. */
  async readText(): Promise<string | null> {
    return readFile(this.path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT') return null;
      throw thrown;
    });
  }

  async read(): Promise<Settings | null> {
    const text = await this.readText();
    return text === null ? null : (JSON.parse(text) as Settings);
  }

  async write(settings: Settings): Promise<void> {
    const { box, kinds } = this.#options;
    const sealed = sealOptions(settings, this.locked, box, kinds);
    const text = `${JSON.stringify(sealed, undefined, 2)}\n`;
    await this.#writeFile(text);
    this.#lastWritten = text;
    this.locked = stillLocked(settings, this.locked, kinds);
    this.#versionProblem = await this.#keepVersion(text).then(() => undefined, sentenceOf);
  }

  async #writeFile(text: string): Promise<void> {
    try {
      await this.#options.checkFolder?.();
      await writeWhole(this.path, text);
    } catch (thrown) {
      if (thrown instanceof GlimpserError) throw thrown;
      throw await diskFailure(thrown, dirname(this.path), 'the settings stay as they were');
    }
  }

  /** True when the text is what we wrote last: then nobody edited the file. */
  isOwn(text: string): boolean {
    return text === this.#lastWritten;
  }

  /** Remembers a text that was read and taken over. */
  takeOver(text: string): void {
    this.#lastWritten = text;
  }

  /** What was read, with the secrets of every source open; what cannot be opened is blank and among `locked`. */
  opened(settings: Record<string, unknown>): ReturnType<typeof openOptions> {
    return openOptions(settings, this.#options.box, this.#options.kinds);
  }

  /** Sentences about what cannot be opened. */
  problems(settings: Settings): string[] {
    const locked = lockedSentences(settings, this.locked, this.#options.kinds);
    if (this.#versionProblem === undefined) return locked;
    const sentence = `The settings are saved, but no copy of them could be kept in settings-versions (${this.#versionProblem}). Check the disk; the next change is copied again.`;
    return [...locked, sentence];
  }

  /** Moves the file aside, so that nothing is lost; answers where it went, or undefined when there is none. */
  async putAside(word: string): Promise<string | undefined> {
    const aside = `${this.path}.${word}-${this.#stamp()}`;
    return rename(this.path, aside).then(
      () => aside,
      (thrown: NodeJS.ErrnoException) => {
        if (thrown.code === 'ENOENT') return undefined;
        throw thrown;
      },
    );
  }

  /** Newest first. */
  async versions(): Promise<SettingsVersion[]> {
    const names = await this.#versionNames();
    const versions = names.map(async name => {
      const text = await readFile(join(this.#versions, name), 'utf8');
      return { id: basename(name, '.json'), at: atOf(name), bytes: Buffer.byteLength(text) };
    });
    return Promise.all(versions);
  }

  /** The text of a version, or undefined; the id is looked up, never joined to a path. */
  async readVersion(id: string): Promise<string | undefined> {
    const name = (await this.#versionNames()).find(known => basename(known, '.json') === id);
    return name && readFile(join(this.#versions, name), 'utf8');
  }

  async #versionNames(): Promise<string[]> {
    const names = await readdir(this.#versions).catch(() => []);
    // By number: a clock that was set back would make an older version the newest.
    return names.filter(name => name.endsWith('.json')).sort((a, b) => numberOf(b) - numberOf(a));
  }

  async #keepVersion(text: string): Promise<void> {
    await mkdir(this.#versions, { recursive: true });
    const names = await this.#versionNames();
    const last = numberOf(names[0] ?? '');
    await writeWhole(
      join(this.#versions, `${this.#stamp()}-${String(last + 1).padStart(6, '0')}.json`),
      text,
    );
    const outdated = names.slice(KEPT_VERSIONS - 1);
    await Promise.all(outdated.map(name => rm(join(this.#versions, name), { force: true })));
  }

  #stamp(): string {
    return isoTime(this.#options.clock.now()).replaceAll(/[:.]/g, '-');
  }
}

function numberOf(name: string): number {
  return Number(/-(\d+)\.json$/.exec(name)?.[1] ?? 0);
}

/** `2026-01-02T03-04-05-678Z-000001.json` → the instant in ISO 8601. */
function atOf(name: string): string {
  const found = /^(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d)-(\d{3}Z)/.exec(name);
  return found ? `${found[1]}${found[2]}:${found[3]}:${found[4]}.${found[5]}` : '';
}

/** Temp file, fsync, rename, fsync of the folder: after a power cut there is the old text or the new one. */
async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw thrown;
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}
