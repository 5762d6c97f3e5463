/** Remembering: changed states are written down together, every half minute at most and at the stop. */
import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log.ts';
import type { HubBus } from '#model/signals.ts';
import type { SourceState } from '#model/state.ts';

const EVERY_MS = 30_000;

/** What remembering needs of the hub. */
export interface RememberParts {
  bus: HubBus;
  clock: Clock;
  log: Log;
  /** The states of all sources, as they are now. */
  states: () => readonly SourceState[];
  /** Writes all of them or none. */
  save: (states: readonly SourceState[], at: number) => Promise<void>;
}

/** Remembers until it is disposed; what is not written yet is written then. */
export function rememberStates(parts: RememberParts): AsyncDisposable {
  return new Remembering(parts);
}

class Remembering implements AsyncDisposable {
  readonly #parts: RememberParts;
  readonly #ear: Disposable;
  readonly #changed = new Set<string>();
  #timer: Disposable | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: RememberParts) {
    this.#parts = parts;
    this.#ear = parts.bus.on('state.changed', 'remember', ({ state }) => {
      this.#changed.add(state.sourceId);
      this.#timer ??= parts.clock.after(EVERY_MS, () => this.#write());
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ear[Symbol.dispose]();
    this.#timer?.[Symbol.dispose]();
    this.#write();
    await this.#writing;
  }

  #write(): void {
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#save());
  }

  async #save(): Promise<void> {
    const { states, save, clock, log } = this.#parts;
    const changed = states().filter(state => this.#changed.has(state.sourceId));
    this.#changed.clear();
    if (changed.length === 0) return;
    await save(changed, clock.now()).catch(thrown =>
      log.warning('The states of sources could not be remembered', { error: thrown }),
    );
  }
}
