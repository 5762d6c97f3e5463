/** What the broker does not let this user do: said once for each connection, and a problem of the hub while it lasts. */
import type { Clock } from '#base/clock.ts';
import type { GlimpserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';

/** Refusals of one cause come in a row; they are told together. */
const REST_MS = 500;
const NAMED = 3;

/** What refusals are told to. */
export interface RefusalsParts {
  clock: Clock;
  log: Log;
  /** Given what is wrong now, in sentences; none: all is well again. */
  changed(sentences: string[]): void;
}

/** Collects them for a connection. */
export class Refusals implements Disposable {
  readonly #parts: RefusalsParts;
  readonly #topics = { write: new Set<string>(), read: new Set<string>() };
  #rest: Disposable | undefined;
  #isWarned = false;
  #told: string[] = [];

  constructor(parts: RefusalsParts) {
    this.#parts = parts;
  }

  /** Takes note of a topic that may not be written, or subscribed to. */
  note(what: 'write' | 'read', topic: string, failure: GlimpserError): void {
    this.#parts.log.debug(failure.message, { error: failure });
    this.#topics[what].add(topic);
    this.#rest ??= this.#parts.clock.after(REST_MS, () => {
      this.#rest = undefined;
      this.#tell();
    });
  }

  /** A new connection may have other rights. */
  clear(): void {
    this.#topics.write.clear();
    this.#topics.read.clear();
    this.#isWarned = false;
    this[Symbol.dispose]();
    this.#tell();
  }

  [Symbol.dispose](): void {
    this.#rest?.[Symbol.dispose]();
    this.#rest = undefined;
  }

  #tell(): void {
    const sentences = (['write', 'read'] as const).flatMap(what => sentenceOf(what, this.#topics[what]));
    if (sentences.join() === this.#told.join()) return;
    this.#told = sentences;
    if (!this.#isWarned) for (const sentence of sentences) this.#parts.log.warning(sentence);
    this.#isWarned = sentences.length > 0;
    this.#parts.changed(sentences);
  }
}

function sentenceOf(what: 'write' | 'read', topics: ReadonlySet<string>): string[] {
  if (topics.size === 0) return [];
  const named = [...topics].slice(0, NAMED).join(', ');
  const more = topics.size > NAMED ? ` and ${topics.size - NAMED} more topics` : '';
  return [
    `The MQTT broker does not let this user ${what} ${named}${more}. Allow it in the access list of the broker, then switch MQTT off and on in the settings, or restart the hub.`,
  ];
}
