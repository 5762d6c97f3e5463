/** Changes of pages: each new picture of a website is compared with the one before, and what is more than noise is told. */
import type { Clock } from '#base/clock.ts';
import { asGlimpserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { PictureDiffer } from '#base/picture-diff-thread.ts';
import type { Frame } from '#model/frame.ts';
import type { HubBus } from '#model/signals.ts';
import type { Source } from '#model/source.ts';
import { PageMemory } from './page-memory.ts';

/** What the stage needs of the hub. */
export interface ChangeParts {
  bus: HubBus;
  clock: Clock;
  log: Log;
  differ: PictureDiffer;
  find: (sourceId: string) => Source | undefined;
  latest: (sourceId: string) => Frame | undefined;
  familyOf: (kind: string) => 'camera' | 'website';
  /** Keeps the picture that shows a change. */
  keep: (frame: Frame) => Promise<unknown>;
}

/** The running stage. */
export interface Change extends AsyncDisposable {
  /** Resolves when all pictures that came so far were compared. */
  settled(): Promise<void>;
}

/** Pages that are looked at each second need not be compared as often. */
const EVERY_MS = 10_000;

/** Compares from now on. One pair at a time; of a page that waits only the newest picture is compared. */
export function createChange(parts: ChangeParts): Change {
  return new PageChanges(parts);
}

class PageChanges implements Change {
  readonly #parts: ChangeParts;
  readonly #ears: Disposable[];
  readonly #pages = new Map<string, PageMemory>();
  /** Sources with a picture that was not compared yet, in the order in which they came. */
  readonly #waiting = new Set<string>();
  #work: Promise<void> | undefined;

  constructor(parts: ChangeParts) {
    this.#parts = parts;
    const { bus } = parts;
    this.#ears = [
      bus.on('source.captured', 'change', ({ sourceId }) => this.#consider(sourceId)),
      bus.on('source.changed', 'change', ({ source, before }) => {
        if (looksOtherwise(source, before)) this.#pages.delete(source.id);
      }),
      bus.on('source.removed', 'change', ({ source }) => void this.#pages.delete(source.id)),
    ];
  }

  async settled(): Promise<void> {
    await this.#work;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const ear of this.#ears) ear[Symbol.dispose]();
    this.#waiting.clear();
    await this.#work;
  }

  #consider(sourceId: string): void {
    const source = this.#parts.find(sourceId);
    if (!source?.change.enabled || this.#parts.familyOf(source.kind) !== 'website') {
      this.#pages.delete(sourceId);
      return;
    }
    const page = this.#pages.get(sourceId);
    if (page && this.#parts.clock.monotonic() - page.comparedAtMs < EVERY_MS) return;
    this.#waiting.add(sourceId);
    this.#work ??= this.#workOff().finally(() => {
      this.#work = undefined;
    });
  }

  async #workOff(): Promise<void> {
    for (const sourceId of this.#waiting) {
      this.#waiting.delete(sourceId);
      await this.#compare(sourceId).catch(thrown => {
        // What compares is closed first when the hub stops: no fault of the page.
        if (asGlimpserError(thrown).code === 'not-ready') return;
        this.#parts.log.error('A page could not be compared', { sourceId, error: thrown });
      });
    }
  }

  async #compare(sourceId: string): Promise<void> {
    const { bus, clock, differ, find, latest } = this.#parts;
    const [source, frame] = [find(sourceId), latest(sourceId)];
    if (!source || !frame || isFailure(frame)) return;
    const page = this.#pages.get(sourceId);
    if (!page) {
      this.#pages.set(sourceId, new PageMemory(frame, clock.monotonic()));
      return;
    }
    page.comparedAtMs = clock.monotonic();
    const diff = await differ.diff(page.image, frame.image, page.ignored(source.change, frame));
    // Meanwhile it was removed, or is looked at in another way: what was found is of the past.
    if (this.#pages.get(sourceId) !== page) return;
    page.take(frame, diff);
    if (!diff.isChanged || diff.share * 100 < source.change.least) return;
    const { share, boxes } = diff;
    const { at, width, height } = frame;
    bus.emit('page.changed', { sourceId, at, share, boxes, width, height });
    if (source.keep.newest > 0) await this.#keep(frame);
  }

  async #keep(frame: Frame): Promise<void> {
    const { keep, log } = this.#parts;
    await keep(frame).catch(thrown =>
      log.error('The picture of a change could not be kept', { error: thrown }),
    );
  }
}

/** The words of a server that fails are no change of the page; load_failed tells of it. */
function isFailure(frame: Frame): boolean {
  return (frame.page?.httpStatus ?? 200) >= 400;
}

/** Another address or another size: the next picture is the first of its sort. */
function looksOtherwise(source: Source, before: Source): boolean {
  return (
    source.kind !== before.kind ||
    JSON.stringify(source.options) !== JSON.stringify(before.options) ||
    source.change.enabled !== before.change.enabled
  );
}
