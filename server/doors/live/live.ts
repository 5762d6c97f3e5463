/** Live updates: every signal that somebody may see, numbered, with the newest kept so that a reconnect loses nothing. */
import type { Clock } from '#base/clock.ts';
import type { HubBus } from '#model/signals.ts';
import { type Seer, type Teller, type TellerParts, tellerOf } from './told.ts';

const KEPT = 500;

/** What live updates are made of. */
export interface LiveParts extends TellerParts {
  bus: HubBus;
  clock: Clock;
  version: string;
}

/** A message on its way: `{ id, signal, payload }` as JSON. */
export interface LiveMessage {
  id: number;
  text: string;
}

/** Somebody who listens. */
export interface Listener {
  /** Read anew for each message, so that a change of rights counts at once. */
  who(): Seer;
  send(message: LiveMessage): void;
  /** Ends the connection. */
  end(): void;
}

/** Tells signals to those who may see them. */
export class Live implements Disposable {
  readonly #parts: LiveParts;
  readonly #kept: Array<{ id: number; teller: Teller }> = [];
  readonly #listeners = new Set<Listener>();
  readonly #ear: Disposable;
  #lastId: number;

  constructor(parts: LiveParts) {
    this.#parts = parts;
    // Numbers go on after a restart, so that an old one is never taken for a new one.
    this.#lastId = parts.clock.now();
    this.#ear = parts.bus.onAny('live', told => {
      const teller = tellerOf(told, parts);
      if (teller) this.#tell(teller);
    });
  }

  /** How many listen. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** Says hello, tells what came after `after`, and goes on until disposed. */
  join(listener: Listener, after: number | undefined): Disposable {
    const oldest = (this.#kept[0]?.id ?? this.#lastId + 1) - 1;
    const from = after !== undefined && after >= oldest && after <= this.#lastId ? after : undefined;
    const missed = after !== undefined && from === undefined;
    const id = from ?? this.#lastId;
    const { version } = this.#parts;
    listener.send({ id, text: textOf(id, { signal: 'hello', payload: { version, missed } }) });
    const missedOnes = from === undefined ? [] : this.#kept.filter(kept => kept.id > from);
    for (const kept of missedOnes) send(listener, kept.id, kept.teller);
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    this.#ear[Symbol.dispose]();
    for (const listener of this.#listeners) listener.end();
    this.#listeners.clear();
  }

  #tell(teller: Teller): void {
    const id = ++this.#lastId;
    this.#kept.push({ id, teller });
    if (this.#kept.length > KEPT) this.#kept.shift();
    for (const listener of this.#listeners) send(listener, id, teller);
  }
}

function send(listener: Listener, id: number, teller: Teller): void {
  const told = teller(listener.who());
  if (told) listener.send({ id, text: textOf(id, told) });
}

function textOf(id: number, { signal, payload }: { signal: string; payload: object }): string {
  return JSON.stringify({ id, signal, payload });
}
