/** Events of pages that changed: each is over as soon as it is told. */
import { randomBytes } from 'node:crypto';
import { isoTime } from '#base/clock.ts';
import type { Log } from '#base/log.ts';
import type { Event } from '#model/event.ts';
import type { HubBus, Signals } from '#model/signals.ts';
import type { Source } from '#model/source.ts';
import type { EventStore } from './events.ts';

/** What these events need of the hub. */
export interface PageChangeParts {
  bus: HubBus;
  log: Log;
  store: Pick<EventStore, 'open'>;
  find: (sourceId: string) => Source | undefined;
}

/** Makes them until it is disposed. */
export class PageChangeEvents implements AsyncDisposable {
  readonly #parts: PageChangeParts;
  readonly #ear: Disposable;
  #tail: Promise<void> = Promise.resolve();

  constructor(parts: PageChangeParts) {
    this.#parts = parts;
    this.#ear = parts.bus.on('page.changed', 'page changes', change => {
      this.#tail = this.#tail.then(() => this.#tell(change));
    });
  }

  /** Resolves when all that was heard is stored. */
  async settled(): Promise<void> {
    await this.#tail;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ear[Symbol.dispose]();
    await this.#tail;
  }

  async #tell({ sourceId, at, share, boxes }: Signals['page.changed']): Promise<void> {
    const source = this.#parts.find(sourceId);
    if (!source) return;
    const instant = isoTime(at);
    const summary = `${source.name} changed: ${placesInWords(boxes.length)}, ${shareInWords(share)} of the picture`;
    const id = randomBytes(10).toString('hex');
    const event: Event = { id, sourceId, type: 'changed', openedAt: instant, closedAt: instant, summary };
    // Told even when it could not be stored: people want to know all the more then.
    await this.#parts.store
      .open(event)
      .catch(thrown => this.#parts.log.error('An event could not be stored', { error: thrown }));
    this.#parts.bus.emit('event.opened', { event });
  }
}

function placesInWords(count: number): string {
  return count === 1 ? 'one place' : `${count} places`;
}

function shareInWords(share: number): string {
  if (share < 0.001) return 'less than 0.1 %';
  return share < 0.1 ? `${(share * 100).toFixed(1)} %` : `${Math.round(share * 100)} %`;
}
