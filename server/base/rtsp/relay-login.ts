/** The login that a relay makes in place of the program behind it, which never learns the password. */
import { randomBytes } from 'node:crypto';
import type { GlimpserError } from '#base/errors.ts';
import {
  answerChallenge,
  type Challenge,
  type Login,
  pickChallenge,
  readChallenges,
} from '#base/http-challenge.ts';
import { loginRefused } from '#base/http-login.ts';

/** A request without a login, one with it, and one more when the number that it was made with had run out. */
const MAX_TRIES = 3;

/** What a request was signed with; unset when it was not. */
export type Signed = Challenge | undefined;

/** The login of one connection. */
export class RelayLogin {
  readonly #name: string;
  readonly #login: Login | undefined;
  #known: Challenge | undefined;
  #count = 0;
  #isProven = false;

  /** `name` starts the sentences. */
  constructor(name: string, login: Login | undefined) {
    this.#name = name;
    this.#login = login;
  }

  /** The Authorization header of a request, once it is known what is asked for. */
  sign(method: string, url: string): { signed: Signed; header: string | undefined } {
    const signed = this.#known;
    if (!signed || !this.#login) return { signed: undefined, header: undefined };
    const clientNonce = randomBytes(8).toString('hex');
    const request = { method, path: url, count: ++this.#count, clientNonce };
    return { signed, header: answerChallenge(signed, this.#login, request) };
  }

  /** A signed request was taken. */
  accepted(): void {
    this.#isProven = true;
  }

  /**
   * Takes the challenge of a 401; the refusal, when the request must not be sent again. The same words again would
   * count as one more wrong login, and many devices lock after a few.
   */
  challenged(header: string | undefined, signed: Signed, tries: number): GlimpserError | undefined {
    const challenge = pickChallenge(readChallenges(header));
    if (!this.#login || !challenge || tries >= MAX_TRIES || (signed && !this.#isExpired(signed, challenge))) {
      return loginRefused(this.#name, {
        isKnown: challenge !== undefined,
        hasLogin: this.#login !== undefined,
      });
    }
    this.#known = challenge;
    this.#count = 0;
    return undefined;
  }

  /** Some change the number without saying that the old one is stale; believed only of who took the login before. */
  #isExpired(signed: Challenge, { scheme, fields }: Challenge): boolean {
    if (scheme !== 'digest' || signed.scheme !== 'digest') return false;
    if (fields['nonce'] === signed.fields['nonce']) return false;
    return this.#isProven || fields['stale']?.toLowerCase() === 'true';
  }
}
