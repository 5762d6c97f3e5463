/** Fetches from servers that ask for a login, without ever sending a wrong one twice in a row. */
import { randomBytes } from 'node:crypto';
import type { Egress } from './egress.ts';
import type { EgressRequest, EgressResponse } from './egress-fetch.ts';
import { GlimpserError } from './errors.ts';
import {
  answerChallenge,
  type Challenge,
  type Login,
  pickChallenge,
  readChallenges,
} from './http-challenge.ts';

/** A redirect inside a server may lead to a place that asks again. */
const MAX_PLACES = 3;

/** An address without its login, and the login. */
export interface SplitLogin {
  url: string;
  login: Login | undefined;
}

/** Takes a login out of an address; one that is given beside it counts more. */
export function splitLogin(text: string, username: string, password: string): SplitLogin {
  const [, scheme, inside, rest] = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@(.*)$/is.exec(text) ?? [];
  const url = scheme === undefined ? text : `${scheme}${rest}`;
  if (username !== '') return { url, login: { username, password } };
  if (inside === undefined) return { url, login: undefined };
  const [, name = '', secret = ''] = /^([^:]*):?(.*)$/s.exec(inside) ?? [];
  return { url, login: { username: decoded(name), password: decoded(secret) } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Remembers what a server asked for, so that later requests are accepted at once. */
export class HttpLogin {
  readonly #name: string;
  readonly #login: Login | undefined;
  #known: { challenge: Challenge; url: string; count: number } | undefined;
  /** The last 401 that was final: whoever asks again after it sends a wrong login once more. */
  refusal: GlimpserError | undefined;

  /** `name` starts the sentences. */
  constructor(name: string, login: Login | undefined) {
    this.#name = name;
    this.#login = login;
  }

  /** Fetches; answers one challenge at each place. Throws `source-refused-login` when the server still says no. */
  async fetch(egress: Pick<Egress, 'fetch'>, url: string, request: EgressRequest): Promise<EgressResponse> {
    const answered = new Set<string>();
    for (let place = url; ; ) {
      const response = await egress.fetch(place, this.#authorized(place, request));
      if (response.status !== 401) return this.#unlessForbidden(response);
      response.body.destroy();
      const challenge = pickChallenge(readChallenges(response.headers['www-authenticate']));
      const asked = placeOfChallenge(url, response.finalUrl);
      if (asked === undefined) throw this.#refused(this.#ledAway(response.finalUrl));
      // The same words again would count as one more wrong login.
      const before = this.#known;
      const isSaid = before?.challenge.scheme === 'basic' || answered.has(asked);
      this.#known = undefined;
      if (!this.#login || !challenge || isSaid || answered.size >= MAX_PLACES) {
        const what = { isKnown: challenge !== undefined, hasLogin: this.#login !== undefined };
        throw this.#refused(loginRefused(this.#name, what));
      }
      // A server may refuse a number that it has seen with the same nonce.
      const isSameNonce = before?.challenge.fields['nonce'] === challenge.fields['nonce'];
      this.#known = { challenge, url: asked, count: isSameNonce ? (before?.count ?? 0) : 0 };
      answered.add(asked);
      place = asked;
    }
  }

  #authorized(url: string, request: EgressRequest): EgressRequest {
    const known = this.#known;
    // A Digest answer is made for one path; elsewhere it would be wrong.
    if (!this.#login || !known || (known.challenge.scheme === 'digest' && known.url !== url)) return request;
    const { pathname, search } = new URL(url);
    const authorization = answerChallenge(known.challenge, this.#login, {
      method: request.method ?? 'GET',
      path: pathname + search,
      count: ++known.count,
      clientNonce: randomBytes(8).toString('hex'),
    });
    return { ...request, headers: { ...request.headers, authorization } };
  }

  #unlessForbidden(response: EgressResponse): EgressResponse {
    if (response.status !== 403) return response;
    response.body.destroy();
    throw seeingRefused(this.#name, this.#login !== undefined);
  }

  #refused(error: GlimpserError): GlimpserError {
    this.refusal = error;
    return error;
  }

  #ledAway(finalUrl: string): GlimpserError {
    const sentence = `${this.#name} redirects to ${new URL(finalUrl).host}, which asks for a login. Enter that address.`;
    return new GlimpserError('source-refused-login', sentence);
  }
}

/** Where to answer: the address itself, or where it redirects to on the same server. */
function placeOfChallenge(url: string, finalUrl: string): string | undefined {
  const [from, to] = [new URL(url), new URL(finalUrl)];
  if (from.origin !== to.origin) return undefined;
  return from.href === to.href ? url : finalUrl;
}

/** The error for a 401 that is final. `name` starts the sentence; `isKnown` when Basic or Digest was asked for. */
export function loginRefused(name: string, what: { isKnown: boolean; hasLogin: boolean }): GlimpserError {
  return new GlimpserError('source-refused-login', `${name} ${refusal(what)}`);
}

function refusal({ isKnown, hasLogin }: { isKnown: boolean; hasLogin: boolean }): string {
  if (!isKnown) return 'asks for a login of a sort that is not known here. Choose Basic or Digest on it.';
  if (!hasLogin) return 'asks for a user name and a password. Enter them in the source.';
  return 'refused the user name or password. Correct them; many devices lock after several wrong tries.';
}

/** The error for a 403. */
export function seeingRefused(name: string, hasLogin: boolean): GlimpserError {
  const advice = hasLogin
    ? 'This user may not see it: use another one, or allow it on the device.'
    : 'Enter a user name and a password, or check that this address may be opened by others.';
  return new GlimpserError('source-refused-login', `${name} answers 403. ${advice}`);
}
