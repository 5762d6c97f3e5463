/** Forgetting: captures beyond what their source keeps, and everything of sources that are gone. */
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Clock, isoTime } from '#base/clock.ts';
import type { Log } from '#base/log.ts';
import { type Capture, captureFile } from '#model/capture.ts';
import type { HubBus } from '#model/signals.ts';
import { SOURCE_ID, type Source } from '#model/source.ts';
import { removeEmpty, sweep } from './sweep.ts';

const BATCH = 50;
/** Settings get lost; sources that are missing without having been removed keep their pictures while the hub runs this long. */
const GRACE_MS = 7 * 86_400_000;
const HOUR_MS = 3_600_000;

/** The part of the store that forgetting needs. */
export interface ForgetStore {
  /** Unstarred captures beyond the newest, oldest first. */
  beyondNewest(sourceId: string, keep: number, limit: number): Promise<Capture[]>;
  someOf(sourceId: string, limit: number): Promise<Capture[]>;
  remove(ids: readonly string[]): Promise<void>;
  known(ids: readonly string[]): Promise<ReadonlySet<string>>;
  sourceIds(): Promise<string[]>;
}

/** What forgetting needs of the hub. */
export interface ForgetParts {
  bus: HubBus;
  clock: Clock;
  log: Log;
  store: ForgetStore;
  /** What else is remembered of a source and goes with it, such as its events. */
  removeOf: (sourceId: string) => Promise<void>;
  find: (sourceId: string) => Source | undefined;
  sources: () => readonly Source[];
  /** False when the settings are not those that were written last, so that what they lack says nothing. */
  areSettingsSure: boolean;
  /** Takes down which sources are missing now, and how long the hub ran since; answers how long each was missed. */
  noteMissing: (sourceIds: readonly string[], ranMs: number) => Promise<ReadonlyMap<string, number>>;
  /** The day on which the history began; older files may belong to one that was lost. */
  historyFrom: string;
  folder: string;
  isWriting: (captureId: string) => boolean;
  /** Replaced by tests of crashes. */
  removeFile?: (file: string) => Promise<void>;
}

/** Forgetting as the hub steers it. */
export interface Forget extends AsyncDisposable {
  /** Removes these captures, rows and files; starred ones too. */
  remove(captures: readonly Capture[]): Promise<void>;
  /** Resolves when all that is due is forgotten. */
  settled(): Promise<void>;
}

/** Makes the forgetting: catches up with what is due in the background, then follows what is kept. */
export function createForget(parts: ForgetParts): Forget {
  return new DiskForget(parts);
}

class DiskForget implements Forget {
  readonly #parts: ForgetParts;
  readonly #removeFile: (file: string) => Promise<void>;
  readonly #ears: Disposable[];
  readonly #abort = new AbortController();
  readonly #due = new Set<string>();
  /** Sources of which nothing is kept; being missing is not enough. */
  readonly #gone = new Set<string>();
  #work: Promise<void> | undefined;
  #hour: Disposable | undefined;
  /** How long the hub ran since missing sources were counted last. */
  #ranMs = 0;

  constructor(parts: ForgetParts) {
    this.#parts = parts;
    this.#removeFile = parts.removeFile ?? (file => rm(file, { force: true }));
    const { bus } = parts;
    this.#ears = [
      bus.on('capture.kept', 'forget', ({ capture }) => this.#isDue(capture.sourceId)),
      bus.on('source.changed', 'forget', ({ source }) => this.#isDue(source.id)),
      bus.on('source.removed', 'forget', ({ source, mayReturn }) => {
        if (mayReturn) return;
        this.#gone.add(source.id);
        this.#isDue(source.id);
      }),
    ];
    this.#work = this.#run(() => this.#catchUp());
    this.#waitAnHour();
  }

  /** Rows first, then files: what ends between the two is a file without a row, which the next start sweeps away. */
  async remove(captures: readonly Capture[]): Promise<void> {
    const { store, bus, folder, clock, log } = this.#parts;
    await store.remove(captures.map(({ id }) => id));
    const folders = new Set<string>();
    for (const capture of captures) {
      const file = join(folder, captureFile(capture));
      folders.add(dirname(file));
      await this.#removeFile(file).catch(thrown =>
        log.warning('A picture that is forgotten could not be removed from the disk', { error: thrown }),
      );
      bus.emit('capture.forgotten', { captureId: capture.id, sourceId: capture.sourceId });
    }
    const today = isoTime(clock.now()).slice(0, 10);
    for (const day of folders) {
      if (!day.endsWith(today)) await removeEmpty(day);
    }
  }

  async settled(): Promise<void> {
    do await this.#work;
    while (this.#work !== undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const ear of this.#ears) ear[Symbol.dispose]();
    this.#hour?.[Symbol.dispose]();
    this.#abort.abort();
    await this.settled();
  }

  #isDue(sourceId: string): void {
    this.#due.add(sourceId);
    this.#work ??= this.#run(() => this.#workOff());
  }

  /** One job at a time; what became due in the meantime is worked off next. */
  async #run(job: () => Promise<void>): Promise<void> {
    await job();
    const isMore = (this.#due.size > 0 || this.#ranMs > 0) && !this.#abort.signal.aborted;
    this.#work = isMore ? this.#run(() => this.#workOff()) : undefined;
  }

  async #catchUp(): Promise<void> {
    const { sources, store, log, folder, historyFrom, isWriting, clock } = this.#parts;
    try {
      await this.#findMissing(0);
      for (const { id } of sources()) this.#due.add(id);
      await this.#workOff();
      const removed = await sweep({
        folder,
        from: historyFrom,
        known: ids => store.known(ids),
        isWriting,
        today: () => isoTime(clock.now()).slice(0, 10),
        signal: this.#abort.signal,
      });
      if (removed > 0) log.info(`Picture files that no capture belongs to were removed: ${removed}`);
    } catch (thrown) {
      if (!this.#abort.signal.aborted) log.warning('Old pictures could not be swept', { error: thrown });
    }
  }

  /** Hours that the hub ran are counted, not days of the calendar: a clock that jumps ahead must not forget anything. */
  #waitAnHour(): void {
    this.#hour = this.#parts.clock.after(HOUR_MS, () => {
      this.#ranMs += HOUR_MS;
      this.#work ??= this.#run(() => this.#workOff());
      this.#waitAnHour();
    });
  }

  async #countHours(): Promise<void> {
    const ranMs = this.#ranMs;
    this.#ranMs = 0;
    try {
      if (ranMs > 0) await this.#findMissing(ranMs);
    } catch (thrown) {
      this.#parts.log.warning('Sources that are missing could not be counted', { error: thrown });
    }
  }

  /** Sources that have pictures, are not in the settings, and were missed for a week are due to be forgotten. */
  async #findMissing(ranMs: number): Promise<void> {
    const { find, store, areSettingsSure, noteMissing, log } = this.#parts;
    const missing = (await store.sourceIds()).filter(id => !find(id));
    const missedMs = areSettingsSure ? await noteMissing(missing, ranMs) : new Map<string, number>();
    const overdue = missing.filter(id => (missedMs.get(id) ?? 0) >= GRACE_MS);
    for (const id of overdue) {
      this.#gone.add(id);
      this.#due.add(id);
    }
    const waiting = missing.length - overdue.length;
    if (waiting > 0 && ranMs === 0)
      log.warning(
        `Sources that the settings do not name: ${waiting}. Their pictures stay for a week at least.`,
      );
  }

  async #workOff(): Promise<void> {
    await this.#countHours();
    for (const sourceId of this.#due) {
      if (this.#abort.signal.aborted) break;
      this.#due.delete(sourceId);
      try {
        await this.#forget(sourceId);
      } catch (thrown) {
        this.#parts.log.warning('Old pictures could not be forgotten', { sourceId, error: thrown });
      }
    }
  }

  async #forget(sourceId: string): Promise<void> {
    const source = this.#parts.find(sourceId);
    const { store } = this.#parts;
    if (source) this.#gone.delete(sourceId);
    else if (!this.#gone.has(sourceId)) return;
    const next = source
      ? () => store.beyondNewest(sourceId, source.keep.newest, BATCH)
      : () => store.someOf(sourceId, BATCH);
    for (let batch = await next(); batch.length > 0; batch = await next()) {
      if (this.#abort.signal.aborted) return;
      await this.remove(batch);
    }
    if (!source) await this.#forgetRest(sourceId);
  }

  async #forgetRest(sourceId: string): Promise<void> {
    await this.#parts.removeOf(sourceId);
    if (!SOURCE_ID.test(sourceId)) return;
    await rm(join(this.#parts.folder, sourceId), { recursive: true, force: true });
  }
}
