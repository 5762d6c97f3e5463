/** Puts the states of hub and sources on their topics: what matters at once, figures no more often than pictures. */
import type { Clock } from '#base/clock.ts';
import type { Entities } from '#entities/kind.ts';
import type { SourceView } from '#model/entity.ts';
import type { KindCatalog, SourceBook, StateBook } from '#model/services.ts';
import type { Source } from '#model/source.ts';
import type { SourceState } from '#model/state.ts';
import type { Mirror } from './mirror.ts';
import { Throttle } from './throttle.ts';
import type { Topics } from './topics.ts';
import { everyTopicOf, hubTexts, sourcesText, sourceTexts } from './values.ts';

/** A loss is told by an event first: Home Assistant does not show events of what is unavailable. */
const SETTLE_MS = 100;

/** What states are read from and written to. */
export interface PublisherParts {
  topics: Topics;
  entities: Entities;
  mirror: Mirror;
  sources: Pick<SourceBook, 'list' | 'find'>;
  states: Pick<StateBook, 'of' | 'hub'>;
  kinds: Pick<KindCatalog, 'find'>;
  clock: Clock;
  /** Shortest time between two publishes of figures. */
  figuresEveryMs(): number;
}

/** Keeps the mirror up to date. */
export class Publisher implements Disposable {
  readonly #parts: PublisherParts;
  readonly #topicsOf = new Map<string, Set<string>>();
  readonly #settling = new Map<string, Disposable>();
  readonly #figures: Throttle;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
    const call = (id: string) => this.source(id);
    this.#figures = new Throttle({ clock: parts.clock, everyMs: () => parts.figuresEveryMs(), call });
  }

  /** Everything about the hub and all sources. */
  all(): void {
    this.hub();
    for (const { id } of this.#parts.sources.list()) this.source(id);
  }

  hub(): void {
    const { entities, mirror, sources, states, topics } = this.#parts;
    const state = states.hub();
    for (const [topic, text] of hubTexts(state, entities, topics)) mirror.set(topic, text);
    const list = sources.list().map(source => ({ ...source, family: this.familyOf(source.kind) }));
    mirror.set(topics.bridge.sources, sourcesText(state.instance, list));
  }

  /** Everything about one source, now. */
  source(id: string): void {
    this.#settle(id);
    const { entities, mirror, sources, topics } = this.#parts;
    const source = sources.find(id);
    if (!source) return;
    const view = this.viewOf(source);
    const texts = sourceTexts(view, view.family, entities, topics);
    for (const [topic, text] of texts) mirror.set(topic, text);
    for (const topic of this.#topicsOf.get(id) ?? []) if (!texts.has(topic)) mirror.clear(topic);
    this.#topicsOf.set(id, new Set(texts.keys()));
  }

  /** After a change of state: soon when people should know, else with the next figures. */
  changed(state: SourceState, before: SourceState): void {
    const { sourceId } = state;
    const isNews = (['status', 'isOnline', 'reason', 'code'] as const).some(
      key => state[key] !== before[key],
    );
    if (!isNews) this.#figures.soon(sourceId);
    else if (!this.#settling.has(sourceId)) {
      const call = () => {
        this.source(sourceId);
        this.hub();
      };
      this.#settling.set(sourceId, this.#parts.clock.after(SETTLE_MS, call));
    }
  }

  /** Takes everything about a source off the broker, also when it was published by an earlier run. */
  forget(id: string): void {
    this.#settle(id);
    this.#figures.forget(id);
    this.#topicsOf.delete(id);
    const { entities, mirror, topics } = this.#parts;
    for (const topic of everyTopicOf(id, entities, topics)) mirror.clear(topic);
  }

  /** A source as its entities see it. */
  viewOf(source: Source): SourceView & { family: 'camera' | 'website' } {
    const { kinds, states } = this.#parts;
    const hasVideo = kinds.find(source.kind)?.hasVideo ?? false;
    return { source, state: states.of(source.id), hasVideo, family: this.familyOf(source.kind) };
  }

  familyOf(kind: string): 'camera' | 'website' {
    return this.#parts.kinds.find(kind)?.family ?? 'camera';
  }

  [Symbol.dispose](): void {
    this.#figures[Symbol.dispose]();
    for (const id of [...this.#settling.keys()]) this.#settle(id);
  }

  #settle(id: string): void {
    this.#settling.get(id)?.[Symbol.dispose]();
    this.#settling.delete(id);
  }
}
