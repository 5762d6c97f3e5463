/** Events: opened when a camera is lost or a page fails, closed when it is back, continued across restarts; changes of pages. */
import { randomBytes } from 'node:crypto';
import { type Clock, isoTime } from '#base/clock.ts';
import type { Log } from '#base/log.ts';
import type { Event, EventType } from '#model/event.ts';
import type { HubBus } from '#model/signals.ts';
import type { Source } from '#model/source.ts';
import type { SourceState } from '#model/state.ts';
import { CameraMotionEvents } from './camera-motion.ts';
import { PageChangeEvents } from './page-changes.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** What events are remembered in. */
export interface EventStore {
  open(event: Event): Promise<void>;
  close(id: string, closedAt: string): Promise<void>;
  list(filter: {
    isOpen: boolean;
    limit: number;
    cursor?: string;
  }): Promise<{ items: Event[]; next: string | null }>;
}

/** What events need of the hub. */
export interface EventParts {
  bus: HubBus;
  clock: Clock;
  log: Log;
  store: EventStore;
  find: (sourceId: string) => Source | undefined;
  familyOf: (kind: string) => 'camera' | 'website';
}

/** The events of a hub. */
export interface Events extends AsyncDisposable {
  /** Resolves when all that was heard is stored. */
  settled(): Promise<void>;
}

const TYPES = {
  camera: { wrong: 'source_lost', back: 'source_recovered' },
  website: { wrong: 'load_failed', back: 'load_recovered' },
} as const satisfies Record<string, Record<string, EventType>>;
/** What may still be so after a restart; of the rest nobody knows how it went on. */
const LASTING: ReadonlySet<EventType> = new Set(['source_lost', 'load_failed']);
const PAGE = 200;

/** Makes the events; listens from now on, after the open events of the store are read. */
export function createEvents(parts: EventParts): Events {
  return new StoredEvents(parts);
}

class StoredEvents implements Events {
  readonly #parts: EventParts;
  readonly #ears: Disposable[];
  readonly #open = new Map<string, Event>();
  readonly #verdicts = new Map<string, Verdict>();
  readonly #startedAt: string;
  readonly #motion: CameraMotionEvents;
  readonly #changes: PageChangeEvents;
  /** One after the other, so that an event is never closed before it is opened. */
  #tail: Promise<void>;

  constructor(parts: EventParts) {
    this.#parts = parts;
    this.#startedAt = isoTime(parts.clock.now());
    this.#tail = this.#continue().catch(thrown => this.#complain('Open events could not be read', thrown));
    this.#motion = new CameraMotionEvents(parts);
    this.#changes = new PageChangeEvents(parts);
    this.#ears = [
      parts.bus.on('state.changed', 'events', ({ state }) => this.#hear(state)),
      parts.bus.on('source.removed', 'events', ({ source }) => {
        this.#verdicts.delete(source.id);
        this.#then(() => this.#close(source.id));
      }),
    ];
  }

  async settled(): Promise<void> {
    await Promise.all([this.#tail, this.#motion.settled(), this.#changes.settled()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const ear of this.#ears) ear[Symbol.dispose]();
    await this.#motion[Symbol.asyncDispose]();
    await this.#changes[Symbol.asyncDispose]();
    await this.#tail;
  }

  /** Takes over what was open when the hub stopped; what nobody looks at any more is closed. */
  async #continue(): Promise<void> {
    const { store, find } = this.#parts;
    const passed: Event[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<EventStore['list']>> = await store.list({
        isOpen: true,
        limit: PAGE,
        ...(cursor === null ? {} : { cursor }),
      });
      const before = page.items.filter(({ openedAt }) => openedAt < this.#startedAt);
      for (const event of page.items) if (LASTING.has(event.type)) this.#open.set(event.sourceId, event);
      passed.push(...before.filter(({ type }) => !LASTING.has(type)));
      cursor = page.next;
    } while (cursor !== null);
    for (const event of passed) await this.#end(event);
    const left = [...this.#open.keys()].filter(id => !find(id)?.enabled);
    for (const sourceId of left) await this.#close(sourceId);
  }

  #hear(state: SourceState): void {
    const source = this.#parts.find(state.sourceId);
    if (!source) return;
    const family = this.#parts.familyOf(source.kind);
    const verdict = verdictOf(state, family);
    if (verdict === 'unclear' || this.#verdicts.get(source.id) === verdict) return;
    this.#verdicts.set(source.id, verdict);
    if (verdict === 'wrong') this.#then(() => this.#begin(source, TYPES[family].wrong, state.reason));
    else if (verdict === 'fine') this.#then(() => this.#recover(source, TYPES[family].back));
    else this.#then(() => this.#close(source.id));
  }

  async #begin(source: Source, type: EventType, reason: string): Promise<void> {
    if (this.#open.has(source.id)) return;
    const what = type === 'load_failed' ? 'could not be loaded' : 'gives no pictures';
    const event = this.#event(source.id, type, `${source.name} ${what}: ${reason}`, null);
    this.#open.set(source.id, event);
    await this.#store(event);
  }

  async #recover(source: Source, type: EventType): Promise<void> {
    const closed = await this.#close(source.id);
    if (!closed?.closedAt) return;
    const lasted = inWords(Date.parse(closed.closedAt) - Date.parse(closed.openedAt));
    const what = type === 'load_recovered' ? 'loads again' : 'gives pictures again';
    await this.#store(
      this.#event(source.id, type, `${source.name} ${what} after ${lasted}`, closed.closedAt),
    );
  }

  async #close(sourceId: string): Promise<Event | undefined> {
    const open = this.#open.get(sourceId);
    if (!open) return undefined;
    this.#open.delete(sourceId);
    return this.#end(open);
  }

  async #end(open: Event): Promise<Event> {
    const closedAt = isoTime(this.#parts.clock.now());
    await this.#parts.store
      .close(open.id, closedAt)
      .catch(thrown => this.#complain('The end of an event could not be stored', thrown));
    const event = { ...open, closedAt };
    this.#parts.bus.emit('event.closed', { event });
    return event;
  }

  /** Told even when it could not be stored: people want to know all the more then. */
  async #store(event: Event): Promise<void> {
    await this.#parts.store
      .open(event)
      .catch(thrown => this.#complain('An event could not be stored', thrown));
    this.#parts.bus.emit('event.opened', { event });
  }

  #event(sourceId: string, type: EventType, summary: string, instant: string | null): Event {
    const openedAt = instant ?? isoTime(this.#parts.clock.now());
    return { id: randomBytes(10).toString('hex'), sourceId, type, openedAt, closedAt: instant, summary };
  }

  /** What fails is said here: a chain that ended in a failure would carry no later event. */
  #then(step: () => Promise<unknown>): void {
    this.#tail = this.#tail.then(async () => {
      await step().catch(thrown => this.#complain('An event could not be followed', thrown));
    });
  }

  #complain(sentence: string, thrown: unknown): void {
    this.#parts.log.error(sentence, { error: thrown });
  }
}

function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.max(0, Math.round(ms / 1000))} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
