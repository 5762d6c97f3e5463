/** Logins that recorders play streams with. Digest needs their passwords in clear, so they are made here and sealed. */
import { z } from 'zod';
import { GlimpserError } from '#base/errors.ts';
import { randomToken } from '#base/secret.ts';
import type { HubValues } from './hub-values.ts';

const VALUE = 'stream-logins';
const LOGINS_MAX = 50;

const loginSchema = z.strictObject({
  name: z.string(),
  secret: z.string(),
  groups: z.array(z.string()).nullable(),
});

/** A login with its password. */
export type StreamLogin = z.output<typeof loginSchema>;

/** The logins, in memory and sealed in the history. */
export class StreamLoginBook {
  readonly #values: Pick<HubValues, 'get' | 'set'>;
  #logins: StreamLogin[] = [];
  #writing: Promise<void> = Promise.resolve();
  readonly #ears = new Set<() => void>();

  private constructor(values: Pick<HubValues, 'get' | 'set'>) {
    this.#values = values;
  }

  /** Reads them. What was sealed under another key is given up, and `notice` says so. */
  static async open(
    values: Pick<HubValues, 'get' | 'set'>,
    notice: (sentence: string) => void,
  ): Promise<StreamLoginBook> {
    const book = new StreamLoginBook(values);
    try {
      const text = await values.get(VALUE);
      if (text !== undefined) book.#logins = z.array(loginSchema).parse(JSON.parse(text));
    } catch {
      notice('The stream logins cannot be read, because SECRET_KEY is another one. Make new ones.');
    }
    return book;
  }

  /** All of them, without passwords. */
  list(): Array<Omit<StreamLogin, 'secret'>> {
    return this.#logins.map(({ name, groups }) => ({ name, groups }));
  }

  find(name: string): StreamLogin | undefined {
    return this.#logins.find(login => login.name === name);
  }

  /** Makes one; its password is told this once. Throws `conflict`. */
  async add(name: string, groups: string[] | null): Promise<StreamLogin> {
    if (this.find(name)) throw new GlimpserError('conflict', `There is a stream login “${name}” already.`);
    if (this.#logins.length >= LOGINS_MAX) {
      throw new GlimpserError(
        'conflict',
        `There are ${LOGINS_MAX} stream logins, which is the most. Remove one.`,
      );
    }
    const login = { name, secret: randomToken().slice(0, 20), groups };
    await this.#keep([...this.#logins, login]);
    return login;
  }

  /** Throws `not-found`. */
  async remove(name: string): Promise<void> {
    if (!this.find(name)) throw new GlimpserError('not-found', 'There is no such stream login.');
    const kept = this.#keep(this.#logins.filter(login => login.name !== name));
    for (const call of this.#ears) call();
    await kept;
  }

  /** Calls back when a login was withdrawn, until disposed. */
  onWithdrawn(call: () => void): Disposable {
    this.#ears.add(call);
    return { [Symbol.dispose]: () => void this.#ears.delete(call) };
  }

  /** One after another, so that none is lost. */
  async #keep(logins: StreamLogin[]): Promise<void> {
    this.#logins = logins;
    this.#writing = this.#writing.then(() => this.#values.set(VALUE, JSON.stringify(this.#logins)));
    await this.#writing;
  }
}
