/** Events of the camera's own motion sensor: one for each time that something moves, short pauses included. */
import { randomBytes } from 'node:crypto';
import { type Clock, isoTime } from '#base/clock.ts';
import type { Log } from '#base/log.ts';
import type { Event } from '#model/event.ts';
import type { HubBus } from '#model/signals.ts';
import type { Source } from '#model/source.ts';
import type { EventStore } from './events.ts';

/** Sensors flicker: motion that comes back this soon is the same. */
const QUIET_MS = 10_000;

/** What these events need of the hub. */
export interface CameraMotionParts {
  bus: HubBus;
  clock: Clock;
  log: Log;
  store: Pick<EventStore, 'open' | 'close'>;
  find: (sourceId: string) => Source | undefined;
}

interface Open {
  event: Event;
  /** Set while nothing moves any more. */
  ending: Disposable | undefined;
}

/** Opens and closes them until it is disposed. */
export class CameraMotionEvents implements AsyncDisposable {
  readonly #parts: CameraMotionParts;
  readonly #ears: Disposable[];
  readonly #open = new Map<string, Open>();
  /** One after the other, so that an event is never closed before it is opened. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(parts: CameraMotionParts) {
    this.#parts = parts;
    const { bus } = parts;
    const name = 'camera motion';
    this.#ears = [
      bus.on('source.triggered', name, ({ sourceId, trigger, isOn }) => {
        if (trigger === 'motion') this.#hear(sourceId, isOn);
      }),
      bus.on('source.failed', name, ({ sourceId }) => this.#hear(sourceId, false)),
      bus.on('source.stopped', name, ({ sourceId }) => this.#close(sourceId)),
      bus.on('source.removed', name, ({ source }) => this.#close(source.id)),
    ];
  }

  /** Resolves when all that was heard is stored. */
  async settled(): Promise<void> {
    await this.#tail;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const ear of this.#ears) ear[Symbol.dispose]();
    for (const sourceId of [...this.#open.keys()]) this.#close(sourceId);
    await this.#tail;
  }

  #hear(sourceId: string, isOn: boolean): void {
    const open = this.#open.get(sourceId);
    if (isOn && !open) this.#begin(sourceId);
    if (!open) return;
    if (isOn) {
      open.ending?.[Symbol.dispose]();
      open.ending = undefined;
    } else open.ending ??= this.#parts.clock.after(QUIET_MS, () => this.#close(sourceId));
  }

  #begin(sourceId: string): void {
    const source = this.#parts.find(sourceId);
    if (!source) return;
    const { clock, bus, store } = this.#parts;
    const event: Event = {
      id: randomBytes(10).toString('hex'),
      sourceId,
      type: 'camera_motion',
      openedAt: isoTime(clock.now()),
      closedAt: null,
      summary: `${source.name} noticed motion`,
    };
    this.#open.set(sourceId, { event, ending: undefined });
    this.#then('An event could not be stored', async () => {
      await store.open(event).finally(() => bus.emit('event.opened', { event }));
    });
  }

  #close(sourceId: string): void {
    const open = this.#open.get(sourceId);
    if (!open) return;
    this.#open.delete(sourceId);
    open.ending?.[Symbol.dispose]();
    const { clock, bus, store } = this.#parts;
    const event = { ...open.event, closedAt: isoTime(clock.now()) };
    this.#then('The end of an event could not be stored', async () => {
      await store.close(event.id, event.closedAt).finally(() => bus.emit('event.closed', { event }));
    });
  }

  #then(complaint: string, step: () => Promise<void>): void {
    this.#tail = this.#tail.then(step).catch(thrown => this.#parts.log.error(complaint, { error: thrown }));
  }
}
