/** Renditions: live pictures in another size or quality, made once for everybody who asked for the same. */
import { GlimpserError } from '#base/errors.ts';
import { type Log, silentLog } from '#base/log.ts';
import { Mailbox } from '#base/mailbox.ts';
import type { Frame } from '#model/frame.ts';
import { roundShape, type Shape, shapeKey } from '#model/picture-shape.ts';
import type { Watching } from '#model/services.ts';
import { MadeOver, render } from './made-over.ts';

const RENDITIONS_MAX = 64;

/** Live and still pictures in other shapes; always JPEG. */
export interface Renditions {
  /** Calls back for every new picture in the shape; the newest only while one is made. */
  listen(
    sourceId: string,
    shape: Shape,
    call: (frame: Frame) => void,
    options: { isViewer: boolean },
  ): Disposable;
  take(sourceId: string, shape: Shape, options: { isViewer: boolean }): AsyncIterable<Frame> & Disposable;
  /** One frame in the shape. Throws `picture-invalid`, or `too-many-requests` while too many are made. */
  still(frame: Frame, shape: Shape): Promise<Frame>;
}

type Pictures = Pick<Watching, 'listen'>;

/** Makes the renditions of a hub. */
export function createRenditions(watching: Pictures, log: Log = silentLog): Renditions {
  const running = new Map<string, Rendition>();
  const stills = new MadeOver();
  const listen: Renditions['listen'] = (sourceId, wanted, call, options) => {
    const shape = roundShape(wanted);
    const key = shapeKey(sourceId, shape);
    const rendition = running.get(key) ?? begin(running, key, sourceId, { watching, shape, log });
    return rendition.join(call, options.isViewer);
  };
  return {
    listen,
    take(sourceId, shape, options) {
      const mailbox = new Mailbox<Frame>();
      const ear = listen(sourceId, shape, frame => mailbox.put(frame), options);
      const dispose = () => {
        ear[Symbol.dispose]();
        mailbox.close();
      };
      return {
        [Symbol.dispose]: dispose,
        async *[Symbol.asyncIterator]() {
          try {
            yield* mailbox;
          } finally {
            dispose();
          }
        },
      };
    },
    still: (frame, shape) => stills.still(frame, shape),
  };
}

function begin(
  running: Map<string, Rendition>,
  key: string,
  sourceId: string,
  parts: { watching: Pictures; shape: Shape; log: Log },
): Rendition {
  if (running.size >= RENDITIONS_MAX) {
    throw new GlimpserError(
      'too-many-requests',
      `Pictures are made in ${RENDITIONS_MAX} sizes already. Ask for a size that others use, or try later.`,
      { retryAfterMs: 10_000 },
    );
  }
  const rendition = new Rendition(sourceId, { ...parts, onEmpty: () => void running.delete(key) });
  running.set(key, rendition);
  return rendition;
}

interface RenditionParts {
  watching: Pictures;
  shape: Shape;
  log: Log;
  onEmpty: () => void;
}

/** One shape of one source: at most one job runs, and at most one frame waits. */
class Rendition {
  readonly #sourceId: string;
  readonly #parts: RenditionParts;
  readonly #calls = new Set<(frame: Frame) => void>();
  readonly #ear: Disposable;
  #waiting: Frame | undefined;
  #isBusy = false;

  constructor(sourceId: string, parts: RenditionParts) {
    this.#sourceId = sourceId;
    this.#parts = parts;
    this.#ear = parts.watching.listen(sourceId, frame => this.#put(frame), { isViewer: false });
  }

  join(call: (frame: Frame) => void, isViewer: boolean): Disposable {
    // A function of its own per taker, so that the same callback may join twice.
    const entry = (frame: Frame) => call(frame);
    this.#calls.add(entry);
    const seat = isViewer
      ? this.#parts.watching.listen(this.#sourceId, () => undefined, { isViewer })
      : undefined;
    return {
      [Symbol.dispose]: () => {
        seat?.[Symbol.dispose]();
        if (this.#calls.delete(entry) && this.#calls.size === 0) this.#end();
      },
    };
  }

  #end(): void {
    this.#ear[Symbol.dispose]();
    this.#waiting = undefined;
    this.#parts.onEmpty();
  }

  #put(frame: Frame): void {
    this.#waiting = frame;
    if (!this.#isBusy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let frame = this.#waiting; frame && this.#calls.size > 0; frame = this.#waiting) {
      this.#waiting = undefined;
      try {
        const made = await render(frame, this.#parts.shape);
        for (const call of this.#calls) this.#tell(call, made);
      } catch (thrown) {
        this.#parts.log.debug('A picture was left out of a rendition', { error: thrown });
      }
    }
    this.#isBusy = false;
  }

  #tell(call: (frame: Frame) => void, frame: Frame): void {
    try {
      call(frame);
    } catch (thrown) {
      this.#parts.log.error('A taker of a rendition threw', { sourceId: this.#sourceId, error: thrown });
    }
  }
}
