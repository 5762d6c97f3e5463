/** A list that a tab or section loads: nothing yet, the items, or a sentence why not. */
import type { ReactiveController, ReactiveControllerHost, TemplateResult } from 'lit';
import { sentenceOf } from '#app/net/request.ts';
import { renderNotice, renderSkeleton } from '#app/parts/blocks.ts';

/** Loads something for an element and draws it again when it is there. */
export class Loaded<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #fetch: () => Promise<T>;
  #value: T | undefined;
  #failure = '';

  constructor(host: ReactiveControllerHost, fetch: () => Promise<T>) {
    this.#host = host;
    this.#fetch = fetch;
    host.addController(this);
  }

  hostConnected(): void {
    void this.load();
  }

  /** What was loaded last. */
  get value(): T | undefined {
    return this.#value;
  }

  /** Changes what was loaded, such as by a live message. */
  change(change: (value: T) => T): void {
    if (this.#value === undefined) return;
    this.#value = change(this.#value);
    this.#host.requestUpdate();
  }

  /** Forgets what was loaded and loads anew. */
  async restart(): Promise<void> {
    this.#value = undefined;
    this.#host.requestUpdate();
    await this.load();
  }

  /** Loads anew; what is there stays until then. */
  async load(): Promise<void> {
    try {
      this.#value = await this.#fetch();
      this.#failure = '';
    } catch (thrown) {
      this.#failure = sentenceOf(thrown);
    }
    this.#host.requestUpdate();
  }

  /** Draws what is there: bars, a notice, or the value. */
  render(view: (value: T) => TemplateResult, rows = 3): TemplateResult {
    if (this.#failure !== '') return renderNotice('bad', this.#failure);
    return this.#value === undefined ? renderSkeleton(rows) : view(this.#value);
  }
}
