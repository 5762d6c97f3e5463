/** Where the frames of one source go: the newest is kept, and every taker gets each frame without a copy. */
import type { Clock } from '#base/clock.ts';
import { Interest } from '#base/interest.ts';
import type { Log } from '#base/log.ts';
import { Mailbox } from '#base/mailbox.ts';
import type { Frame, Picture } from '#model/frame.ts';
import type { HubBus } from '#model/signals.ts';

interface Ear {
  call: (frame: Frame) => void;
  /** Its place among the viewers; undefined for who is none. */
  seat: Disposable | undefined;
  /** Ends a reader that waits. */
  end: () => void;
}

/** What an outlet is made of. */
export interface OutletParts {
  bus: HubBus;
  clock: Clock;
  log: Log;
  /** Called when the last taker left. */
  onIdle: () => void;
}

/** The frames of one source. */
export class Outlet {
  readonly #sourceId: string;
  readonly #parts: OutletParts;
  readonly #ears = new Set<Ear>();
  #latest: Frame | undefined;
  #receivedAt = Number.NEGATIVE_INFINITY;
  #sequence = 0;

  /** Whatever wakes a source that sleeps until somebody looks. */
  readonly demand = new Interest();
  /** Counts its viewers. */
  readonly looking = new Interest(this.demand);
  #viewers = 0;

  constructor(sourceId: string, parts: OutletParts) {
    this.#sourceId = sourceId;
    this.#parts = parts;
  }

  get latest(): Frame | undefined {
    return this.#latest;
  }

  get viewers(): number {
    return this.#viewers;
  }

  /** The latest frame when it came less than `ms` ago. */
  youngerThan(ms: number): Frame | undefined {
    return this.#parts.clock.monotonic() - this.#receivedAt < ms ? this.#latest : undefined;
  }

  /** Numbers a picture and hands it to every taker. */
  put(picture: Picture): Frame {
    const frame: Frame = { ...picture, sourceId: this.#sourceId, sequence: ++this.#sequence };
    this.#latest = frame;
    this.#receivedAt = this.#parts.clock.monotonic();
    for (const ear of this.#ears) this.#tell(ear, frame);
    return frame;
  }

  /** Forgets the latest frame, because it shows something else than the source does now. */
  forget(): void {
    this.#latest = undefined;
    this.#receivedAt = Number.NEGATIVE_INFINITY;
  }

  /** Calls back for every frame until disposed. */
  listen(call: (frame: Frame) => void, isViewer: boolean, end: () => void = () => undefined): Disposable {
    const ear: Ear = { call, seat: isViewer ? this.looking.add() : undefined, end };
    this.#ears.add(ear);
    if (isViewer) this.#count(1);
    return { [Symbol.dispose]: () => this.#drop(ear) };
  }

  /** Frames by a mailbox of one; leaving the loop disposes too. */
  take(isViewer: boolean): AsyncIterable<Frame> & Disposable {
    const mailbox = new Mailbox<Frame>();
    const ear = this.listen(
      frame => mailbox.put(frame),
      isViewer,
      () => mailbox.close(),
    );
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
  }

  /** Ends every taker: the source is gone. */
  close(): void {
    for (const ear of this.#ears) {
      ear.seat?.[Symbol.dispose]();
      ear.end();
    }
    this.#ears.clear();
    this.#viewers = 0;
    this.forget();
  }

  #tell(ear: Ear, frame: Frame): void {
    try {
      ear.call(frame);
    } catch (thrown) {
      this.#parts.log.error('A taker of frames threw', { sourceId: this.#sourceId, error: thrown });
    }
  }

  #drop(ear: Ear): void {
    if (!this.#ears.delete(ear)) return;
    if (ear.seat) {
      ear.seat[Symbol.dispose]();
      this.#count(-1);
    }
    if (this.#ears.size === 0) this.#parts.onIdle();
  }

  #count(change: 1 | -1): void {
    this.#viewers += change;
    this.#parts.bus.emit('viewers.changed', { sourceId: this.#sourceId, viewers: this.#viewers });
  }
}
