/** One typed bus: facts are told by name, and a listener that throws is logged with its name and hurts nobody. */

/** A table of signal names and their payloads. */
export type SignalTable = object;

/** Told when a listener throws or rejects. */
export type ListenerFailed = (listener: string, signal: string, thrown: unknown) => void;

type Listener = { name: string; call: (payload: never) => unknown };

/**
 * A typed emitter. Listeners are called in the order of their arrival, synchronously.
 * @example using ear = bus.on('event.opened', 'mqtt', event => publish(event));
 */
export class Bus<Table extends SignalTable> {
  readonly #listeners = new Map<keyof Table, Set<Listener>>();
  readonly #everything = new Set<Listener>();
  readonly #failed: ListenerFailed;

  constructor(failed: ListenerFailed) {
    this.#failed = failed;
  }

  /** Listens to one signal until the answer is disposed. `listener` is the name used in the log. */
  on<Name extends keyof Table & string>(
    signal: Name,
    listener: string,
    call: (payload: Table[Name]) => unknown,
  ): Disposable {
    const entry: Listener = { name: listener, call };
    const set = this.#listeners.get(signal) ?? new Set<Listener>();
    this.#listeners.set(signal, set.add(entry));
    return { [Symbol.dispose]: () => void set.delete(entry) };
  }

  /** Listens to every signal; the payload comes with its name. */
  onAny(listener: string, call: (told: SignalTold<Table>) => unknown): Disposable {
    const entry: Listener = { name: listener, call };
    this.#everything.add(entry);
    return { [Symbol.dispose]: () => void this.#everything.delete(entry) };
  }

  /** Tells every listener. Never throws, never waits. */
  emit<Name extends keyof Table & string>(signal: Name, payload: Table[Name]): void {
    for (const entry of this.#listeners.get(signal) ?? []) this.#tell(entry, signal, payload);
    for (const entry of this.#everything) this.#tell(entry, signal, { signal, payload });
  }

  #tell(entry: Listener, signal: string, payload: unknown): void {
    try {
      const answer = entry.call(payload as never);
      if (answer instanceof Promise) {
        answer.catch(thrown => this.#failed(entry.name, signal, thrown));
      }
    } catch (thrown) {
      this.#failed(entry.name, signal, thrown);
    }
  }
}

/** A signal with its payload, as `onAny` hands it over. */
export type SignalTold<Table extends SignalTable> = {
  [Name in keyof Table & string]: { signal: Name; payload: Table[Name] };
}[keyof Table & string];
