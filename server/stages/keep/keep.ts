/** Keeping: pictures to disk, the first of a source, then by its rhythm, and whenever somebody asks. */
import { hash } from 'node:crypto';
import type { Clock } from '#base/clock.ts';
import { durationMs } from '#base/duration.ts';
import { GlimpserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Capture, CaptureReason } from '#model/capture.ts';
import type { Frame } from '#model/frame.ts';
import type { Keeping } from '#model/services.ts';
import type { HubBus } from '#model/signals.ts';
import type { Source } from '#model/source.ts';
import { Shelf } from './shelf.ts';
import { StoredBytes } from './stored-bytes.ts';

/** Scheduled pictures that may wait for the disk; what comes then is dropped. */
const SCHEDULED_MAX = 8;
const REQUESTED_MAX = 64;
const EVERY_MS = 60_000;
/** A picture that was not kept is tried again after this long, also where one is kept a day. */
const AGAIN_MS = 60_000;
const SLOW =
  'The disk is too slow for the pictures that are to be kept, so some are left out; live pictures go on. Let sources keep fewer, or use a faster disk.';

/** What captures are remembered in. */
export interface CaptureStore {
  add(capture: Capture): Promise<void>;
  totals(): Promise<{ bytes: number }>;
}

/** What keeping needs of the hub. */
export interface KeepParts {
  bus: HubBus;
  clock: Clock;
  log: Log;
  store: CaptureStore;
  /** Where pictures lie. */
  folder: string;
  find: (sourceId: string) => Source | undefined;
  latest: (sourceId: string) => Frame | undefined;
  /** Throws `disk-failed` where there is no room for pictures. */
  checkRoom?: () => Promise<void>;
  /** Replaced by tests of full disks. */
  write?: (file: string, content: Buffer) => Promise<void>;
}

/** Keeping as the hub steers it. */
export interface Keep extends Keeping, AsyncDisposable {
  /** The bytes of a kept picture. Throws `not-found` when the file is gone. */
  read(capture: Capture): Promise<Buffer>;
  /** True while the file of a capture is written and its row is not. */
  isWriting(captureId: string): boolean;
  /** Scheduled pictures that were dropped because the disk was too slow. */
  readonly dropped: number;
  /** What is wrong now, in sentences. */
  problems(): string[];
  /** Resolves when nothing waits to be written. */
  settled(): Promise<void>;
}

interface Job {
  frame: Frame;
  reason: CaptureReason;
  resolve(capture: Capture): void;
  reject(reason: unknown): void;
}

/** What was kept of a source last. */
interface Last {
  at: number;
  digest: string;
}

/** Makes the keeping; listens from now on. */
export function createKeep(parts: KeepParts): Keep {
  return new DiskKeep(parts);
}

class DiskKeep implements Keep {
  readonly #parts: KeepParts;
  readonly #shelf: Shelf;
  readonly #ears: Disposable[];
  readonly #bytes: StoredBytes;
  readonly #jobs: Job[] = [];
  readonly #last = new Map<string, Last>();
  #work: Promise<void> | undefined;
  #dropped = 0;
  #isSlow = false;
  #isClosed = false;

  constructor(parts: KeepParts) {
    this.#parts = parts;
    this.#shelf = new Shelf(parts);
    this.#bytes = new StoredBytes(parts);
    this.#ears = [
      this.#bytes,
      parts.bus.on('source.captured', 'keep', ({ sourceId }) => this.#consider(sourceId)),
      parts.bus.on('source.removed', 'keep', ({ source }) => void this.#last.delete(source.id)),
    ];
  }

  get dropped(): number {
    return this.#dropped;
  }

  isWriting(captureId: string): boolean {
    return this.#shelf.isWriting(captureId);
  }

  problems(): string[] {
    if (this.#shelf.problem !== undefined) return [this.#shelf.problem];
    return this.#isSlow ? [SLOW] : [];
  }

  storedBytes(): number {
    return this.#bytes.value;
  }

  async keep(frame: Frame, reason: CaptureReason): Promise<Capture> {
    const source = this.#source(frame.sourceId);
    if (source.keep.newest === 0) {
      throw new GlimpserError(
        'conflict',
        `${source.name} keeps no pictures. Set “keep newest” of the source above 0 first.`,
      );
    }
    if (this.#isClosed)
      throw new GlimpserError('not-ready', 'The hub is stopping. Try again when it is back.');
    if (this.#jobs.length >= REQUESTED_MAX) {
      const sentence = `${REQUESTED_MAX} pictures wait for the disk already. Try again in a while.`;
      throw new GlimpserError('too-many-requests', sentence, { retryAfterMs: 10_000 });
    }
    return this.#enqueue(frame, reason);
  }

  async settled(): Promise<void> {
    await this.#work;
    await this.#bytes.settled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const ear of this.#ears) ear[Symbol.dispose]();
    await this.settled();
  }

  /** A frame came: is it time to keep one, and does it show anything new? */
  #consider(sourceId: string): void {
    const source = this.#parts.find(sourceId);
    const frame = this.#parts.latest(sourceId);
    if (!source || !frame || source.keep.newest === 0) return;
    const last = this.#last.get(sourceId);
    const now = this.#parts.clock.monotonic();
    const everyMs = durationMs(source.keep.every) ?? EVERY_MS;
    if (last && now - last.at < (last.digest === '' ? Math.min(everyMs, AGAIN_MS) : everyMs)) return;
    if (this.#jobs.length >= SCHEDULED_MAX) {
      this.#drop();
      return;
    }
    const digest = hash('sha256', frame.image, 'base64');
    this.#last.set(sourceId, { at: now, digest });
    if (last?.digest === digest) return;
    // A failed write is told by the problem sentence; the next picture tries again in its time.
    this.#enqueue(frame, 'schedule').catch(() => this.#last.set(sourceId, { at: now, digest: '' }));
  }

  #drop(): void {
    this.#dropped++;
    this.#isSlow = true;
    if (this.#dropped % 100 === 1) this.#parts.log.warning(SLOW, { dropped: this.#dropped });
  }

  #enqueue(frame: Frame, reason: CaptureReason): Promise<Capture> {
    const { promise, resolve, reject } = Promise.withResolvers<Capture>();
    this.#jobs.push({ frame, reason, resolve, reject });
    this.#work ??= this.#workOff();
    return promise;
  }

  async #workOff(): Promise<void> {
    for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) {
      await this.#store(job).then(job.resolve, job.reject);
    }
    this.#work = undefined;
    this.#isSlow = false;
  }

  async #store({ frame, reason }: Job): Promise<Capture> {
    const capture = await this.#shelf.put(frame, reason);
    this.#bytes.add(capture.bytes);
    this.#parts.bus.emit('capture.kept', { capture });
    return capture;
  }

  read(capture: Capture): Promise<Buffer> {
    return this.#shelf.read(capture);
  }

  #source(sourceId: string): Source {
    const source = this.#parts.find(sourceId);
    if (source) return source;
    throw new GlimpserError('not-found', `There is no source “${sourceId.slice(0, 40)}”.`);
  }
}
