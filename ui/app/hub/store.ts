/** A value that pages watch: set it and everyone who looks at it draws again. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A watched value. */
export class Store<T extends object> {
  #value: T;
  readonly #watchers = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): Readonly<T> {
    return this.#value;
  }

  /** Replaces some keys and tells everyone. */
  set(part: Partial<T>): void {
    this.#value = { ...this.#value, ...part };
    for (const tell of this.#watchers) tell();
  }

  /** Calls back after every change; returns how to stop. */
  watch(tell: () => void): () => void {
    this.#watchers.add(tell);
    return () => this.#watchers.delete(tell);
  }
}

/** Draws an element again whenever a store changes, while it is on the page. */
export class Watch implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #store: Store<object>;
  #stop: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, store: Store<object>) {
    this.#host = host;
    this.#store = store;
    host.addController(this);
  }

  hostConnected(): void {
    this.#stop = this.#store.watch(() => this.#host.requestUpdate());
  }

  hostDisconnected(): void {
    this.#stop?.();
  }
}
