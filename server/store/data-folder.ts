/** The data folder while the hub runs: the one it started with, or what is left under its name once the disk is gone. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import { checkWritable } from '#base/disk-failure.ts';
import { GlimpserError, sentenceOf } from '#base/errors.ts';
import type { Log } from '#base/log.ts';

const LOOK_MS = 5000;
/** Pictures leave this much to settings and history, so that people can still log in and let sources keep fewer. */
const RESERVE_BYTES = 8 * 1024 ** 2;
const NO_PICTURES = 'no pictures are kept, so that settings and history have room. Let sources keep fewer';
const EFFECT = 'settings stay as they are, and no pictures are kept. Live pictures go on';
const NOTHING = 'nothing';

/** What the folder needs. */
export interface DataFolderParts {
  folder: string;
  clock: Clock;
  log: Log;
  /** Id of this hub, by which its folder is known when it comes back on another disk. */
  instance: () => string;
  /** Starts the hub again: what it has open lies on a disk that is gone for good. */
  restart: () => void;
}

/** Looks at the folder now and then; whoever writes to it asks first. */
export class DataFolder implements Disposable {
  readonly #parts: DataFolderParts;
  readonly #identity: string;
  #timer: Disposable | undefined;
  #problem: string | undefined;
  /** What lay under the name of the folder when it went. */
  #leftOver: string | undefined;

  private constructor(parts: DataFolderParts, identity: string) {
    this.#parts = parts;
    this.#identity = identity;
    this.#wait();
  }

  static async open(parts: DataFolderParts): Promise<DataFolder> {
    return new DataFolder(parts, await identityOf(parts.folder));
  }

  /** What is wrong with it, in words; undefined while all is well. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /**
   * Throws `disk-failed` while the folder is another one than at the start. Written there, pictures would fill a disk
   * that they are not meant for, and be hidden once the right one is back.
   */
  async checkSame(): Promise<void> {
    if ((await identityOf(this.#parts.folder)) === this.#identity) return;
    throw new GlimpserError(
      'disk-failed',
      `The disk with the data folder ${this.#parts.folder} is gone: ${EFFECT}. Put it back; the hub goes on by itself then.`,
    );
  }

  /** Throws `disk-failed` where a picture would take the room that settings and history need. */
  async checkRoom(): Promise<void> {
    await this.check();
    await checkWritable(this.#parts.folder, NO_PICTURES, RESERVE_BYTES);
  }

  /** Throws `disk-failed` while the folder is another one, or takes nothing new. */
  async check(): Promise<void> {
    try {
      await this.checkSame();
      await checkWritable(this.#parts.folder, EFFECT);
      this.#tell(undefined);
    } catch (thrown) {
      this.#tell(sentenceOf(thrown));
      throw thrown;
    }
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #wait(): void {
    this.#timer = this.#parts.clock.after(LOOK_MS, () => void this.#look());
  }

  async #look(): Promise<void> {
    // What is wrong is told, and looked at again.
    await this.check().catch(() => undefined);
    if (await this.#hasMoved()) {
      this.#parts.log.warning('The data folder came back on another disk: the hub starts again with it');
      this.#parts.restart();
      return;
    }
    if (this.#timer) this.#wait();
  }

  #tell(problem: string | undefined): void {
    const before = this.#problem;
    if (problem === before) return;
    this.#problem = problem;
    const { log } = this.#parts;
    if (problem === undefined) log.info('The data folder can be written again');
    else log.error(problem);
  }

  /** True when our folder is back, but not on the disk that our files are open on. */
  async #hasMoved(): Promise<boolean> {
    const { folder, instance } = this.#parts;
    const now = await identityOf(folder);
    if (now === this.#identity) {
      this.#leftOver = undefined;
      return false;
    }
    this.#leftOver ??= now;
    // An old copy below the place where the disk belongs was there from the moment at which it went.
    if (now === this.#leftOver || now === NOTHING) return false;
    return (await instanceIn(folder)) === instance();
  }
}

async function identityOf(folder: string): Promise<string> {
  try {
    const { dev, ino } = await stat(folder, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return NOTHING;
  }
}

async function instanceIn(folder: string): Promise<unknown> {
  try {
    return (JSON.parse(await readFile(join(folder, 'glimpser.json'), 'utf8')) as { instance?: unknown })
      .instance;
  } catch {
    return undefined;
  }
}
