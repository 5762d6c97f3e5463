/** Holds people back from leaving a form with what they entered. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { holdLeave } from '#app/navigate.ts';

/** Asks before the page is left while the form of its host has changes. */
export class Unsaved implements ReactiveController {
  readonly #isChanged: () => boolean;
  #release: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, isChanged: () => boolean) {
    this.#isChanged = isChanged;
    host.addController(this);
  }

  hostConnected(): void {
    this.#release = holdLeave(this.#isChanged);
    addEventListener('beforeunload', this.#unload);
  }

  hostDisconnected(): void {
    this.#release?.();
    removeEventListener('beforeunload', this.#unload);
  }

  /** The browser asks in its own words. */
  readonly #unload = (event: BeforeUnloadEvent): void => {
    if (this.#isChanged()) event.preventDefault();
  };
}
