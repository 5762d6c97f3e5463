/** Watching whose pictures a test hands out. */
import { GlimpserError } from '#server/base/errors.ts';
import type { Frame, Picture } from '#server/model/frame.ts';
import type { DryRun, Watching } from '#server/model/services.ts';
import type { HubBus } from '#server/model/signals.ts';
import type { Source } from '#server/model/source.ts';

interface Ear {
  sourceId: string;
  call: (frame: Frame) => void;
  isViewer: boolean;
}

/** Pictures by hand. */
export class HandWatching implements Watching {
  /** What was asked for, in order: `restart cam1`. */
  readonly asked: string[] = [];
  /** What the next dry run finds. */
  dryRun: DryRun = { picture: null, attempts: [], tookMs: 5, failure: null };
  /** The source of the last dry run. */
  tried: Source | undefined;
  readonly #bus: HubBus;
  readonly #ears = new Set<Ear>();
  readonly #latest = new Map<string, Frame>();

  constructor(bus: HubBus) {
    this.#bus = bus;
  }

  /** A picture comes. */
  put(sourceId: string, picture: Picture): Frame {
    const sequence = (this.#latest.get(sourceId)?.sequence ?? 0) + 1;
    const frame = { ...picture, sourceId, sequence };
    this.#latest.set(sourceId, frame);
    for (const ear of [...this.#ears]) if (ear.sourceId === sourceId) ear.call(frame);
    return frame;
  }

  latest(sourceId: string): Frame | undefined {
    return this.#latest.get(sourceId);
  }

  take(): never {
    throw new Error('The door listens; it does not take.');
  }

  listen(sourceId: string, call: (frame: Frame) => void, { isViewer }: { isViewer: boolean }): Disposable {
    const ear = { sourceId, call, isViewer };
    this.#ears.add(ear);
    this.#tell(ear);
    return {
      [Symbol.dispose]: () => {
        if (this.#ears.delete(ear)) this.#tell(ear);
      },
    };
  }

  /** How many listen to a source, viewers or not. */
  listeners(sourceId: string): number {
    return [...this.#ears].filter(ear => ear.sourceId === sourceId).length;
  }

  viewers(sourceId: string): number {
    return [...this.#ears].filter(ear => ear.sourceId === sourceId && ear.isViewer).length;
  }

  hold(sourceId: string): Disposable {
    this.asked.push(`hold ${sourceId}`);
    return { [Symbol.dispose]: () => void this.asked.push(`let go ${sourceId}`) };
  }

  async captureNow(sourceId: string): Promise<Frame> {
    this.asked.push(`capture ${sourceId}`);
    const frame = this.#latest.get(sourceId);
    if (frame) return frame;
    throw new GlimpserError('source-silent', 'It sends no pictures.');
  }

  restart(sourceId: string): void {
    this.asked.push(`restart ${sourceId}`);
  }

  resetBackOff(sourceId: string): void {
    this.asked.push(`reset ${sourceId}`);
  }

  attempts(): [] {
    return [];
  }

  logOf(): string[] {
    return ['a line of its program'];
  }

  async tryOut(source: Source): Promise<DryRun> {
    this.tried = source;
    return this.dryRun;
  }

  #tell({ sourceId, isViewer }: Ear): void {
    if (isViewer) this.#bus.emit('viewers.changed', { sourceId, viewers: this.viewers(sourceId) });
  }
}
