/** One encoder a source, started for the first who watches and ended a little after the last. */
import type { Clock } from '#base/clock.ts';
import { Interest } from '#base/interest.ts';
import type { Log } from '#base/log.ts';
import { type EncoderParts, encodeUntil } from './encoder.ts';

const LINGER_MS = 10_000;

/** What encoders are made of. */
export interface EncodersParts {
  clock: Clock;
  log: Log;
  /** What is one source's own. */
  of(sourceId: string): Pick<EncoderParts, 'ffmpeg' | 'inlet' | 'listen' | 'latest'>;
}

interface Entry {
  interest: Interest;
  abort: AbortController;
  done: Promise<void>;
}

/** The encoders of a hub. */
export class Encoders implements AsyncDisposable {
  readonly #parts: EncodersParts;
  readonly #entries = new Map<string, Entry>();

  constructor(parts: EncodersParts) {
    this.#parts = parts;
  }

  /** Encodes a source until disposed. */
  hold(sourceId: string): Disposable {
    const entry = this.#entries.get(sourceId) ?? this.#begin(sourceId);
    return entry.interest.add();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const entries = [...this.#entries.values()];
    for (const { abort } of entries) abort.abort();
    await Promise.all(entries.map(({ done }) => done));
  }

  #begin(sourceId: string): Entry {
    const { clock, log, of } = this.#parts;
    const abort = new AbortController();
    const interest = new Interest();
    const done = encodeUntil(abort.signal, { clock, log: log.part('encode'), ...of(sourceId) })
      .catch((thrown: unknown) => log.error('An encoder failed', { sourceId, error: thrown }))
      .finally(() => this.#entries.delete(sourceId));
    const entry = { interest, abort, done };
    this.#entries.set(sourceId, entry);
    interest
      .wanted(abort.signal)
      .then(() => interest.lost(LINGER_MS, clock, abort.signal))
      .then(
        () => abort.abort(),
        () => undefined,
      );
    return entry;
  }
}
