/** Asks ONVIF devices over the egress guard: bounded answers, both kinds of login, no redirects. */
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { Clock } from './clock.ts';
import type { Egress } from './egress.ts';
import type { EgressRequest, EgressResponse } from './egress-fetch.ts';
import { GlimpserError } from './errors.ts';
import { type Login, readChallenges } from './http-challenge.ts';
import { HttpLogin } from './http-login.ts';
import { envelope, readEnvelope, type SoapFault, securityHeader } from './onvif-envelope.ts';
import { escapeXml, type XmlElement } from './xml.ts';

/** Whom to ask, and how. */
export interface SoapPeer {
  /** Starts the sentences. */
  name: string;
  egress: Pick<Egress, 'check' | 'fetch'>;
  clock: Clock;
  login: Login | undefined;
  isCertificateChecked: boolean;
}

/** What a request says besides its body. */
export interface SoapRequest {
  signal: AbortSignal;
  /** Without a login, whatever there is. */
  isAnonymous?: boolean;
  /** Named in WS-Addressing, which event services need. */
  action?: string;
  /** Headers of the request beside ours, as XML. */
  header?: string;
  /** Longest wait for the answer; ten seconds when unset. */
  waitMs?: number;
}

const MAX_BYTES = 1_000_000;
const WAIT_MS = 10_000;

/** One device's SOAP. */
export class OnvifSoap {
  readonly #peer: SoapPeer;
  /** HTTP logins answer for one address each. */
  readonly #logins = new Map<string, HttpLogin>();
  /** How far the device's clock is ahead of ours. */
  skewMs = 0;

  constructor(peer: SoapPeer) {
    this.#peer = peer;
  }

  /**
   * Sends a body; answers the element in the answer's body. Throws `source-refused-login`, `source-unreachable`,
   * `source-silent`, `source-broken` or `address-refused`.
   */
  async call(url: string, body: string, request: SoapRequest): Promise<XmlElement> {
    const { name, clock } = this.#peer;
    const late = new AbortController();
    const waitMs = request.waitMs ?? WAIT_MS;
    // For the whole answer: a device that drips bytes is silent, too.
    using _limit = clock.after(waitMs, () => late.abort());
    try {
      return await this.#ask(url, body, request, AbortSignal.any([request.signal, late.signal]));
    } catch (thrown) {
      request.signal.throwIfAborted();
      if (!late.signal.aborted) throw thrown;
      const sentence = `${name} did not answer within ${Math.round(waitMs / 1000)} s. Check it and the network.`;
      throw new GlimpserError('source-silent', sentence, { cause: thrown });
    }
  }

  async #ask(url: string, body: string, request: SoapRequest, signal: AbortSignal): Promise<XmlElement> {
    const login = request.isAnonymous ? undefined : this.#peer.login;
    const action = request.action === undefined ? '' : `; action="${request.action}"`;
    const response = await this.#loginAt(url, login).fetch({ fetch: this.#fetch }, url, {
      rules: { protocols: ['http', 'https'], reach: 'lan' },
      signal,
      method: 'POST',
      headers: { 'content-type': `application/soap+xml; charset=utf-8${action}` },
      body: envelope(this.#header(url, login, request), body),
      maxBytes: MAX_BYTES,
      maxRedirects: 0,
      headersMs: request.waitMs ?? WAIT_MS,
      isCertificateChecked: this.#peer.isCertificateChecked,
    });
    return this.#read(response, login);
  }

  #loginAt(url: string, login: Login | undefined): HttpLogin {
    const key = `${login ? 'login' : 'anonymous'} ${url}`;
    const known = this.#logins.get(key) ?? new HttpLogin(this.#peer.name, login);
    this.#logins.set(key, known);
    return known;
  }

  #header(url: string, login: Login | undefined, { action, header = '' }: SoapRequest): string {
    const security = login ? securityHeader(login, this.#peer.clock.now() + this.skewMs) : '';
    if (action === undefined) return security + header;
    const addressing = `<wsa:Action s:mustUnderstand="1">${action}</wsa:Action><wsa:MessageID>urn:uuid:${randomUUID()}</wsa:MessageID><wsa:ReplyTo><wsa:Address>http://www.w3.org/2005/08/addressing/anonymous</wsa:Address></wsa:ReplyTo><wsa:To s:mustUnderstand="1">${escapeXml(url)}</wsa:To>`;
    return security + addressing + header;
  }

  /** Devices that check only the digest in the envelope answer 401 without saying what else they want. */
  readonly #fetch = async (url: string, request: EgressRequest): Promise<EgressResponse> => {
    const response = await this.#peer.egress.fetch(url, request);
    const isBare =
      response.status === 401 && readChallenges(response.headers['www-authenticate']).length === 0;
    if (!isBare) return response;
    response.body.destroy();
    throw this.#refused();
  };

  async #read(response: EgressResponse, login: Login | undefined): Promise<XmlElement> {
    const { name } = this.#peer;
    const answer = await text(response.body);
    const isSoap = /<(?:[\w.-]+:)?Envelope[\s>]/.test(answer.slice(0, 4000));
    if (!isSoap) throw this.#notOnvif(response.status);
    const read = this.#readable(() => readEnvelope(answer));
    if ('body' in read) return read.body;
    if (read.fault.isLogin) throw this.#refused(login);
    throw new SoapRefusal(name, read.fault);
  }

  #readable<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      const why = cause instanceof GlimpserError ? cause.message : 'The answer is damaged.';
      throw new GlimpserError('source-broken', `${this.#peer.name} sends an unusable ONVIF answer. ${why}`, {
        cause,
      });
    }
  }

  #refused(login = this.#peer.login): GlimpserError {
    const reason = login
      ? 'refused the user name or password. Correct them; many cameras have users of their own for ONVIF, and lock after several wrong tries.'
      : 'asks for a user name and a password. Enter them in the source.';
    return new GlimpserError('source-refused-login', `${this.#peer.name} ${reason}`);
  }

  #notOnvif(status: number): GlimpserError {
    const code = status === 404 ? 'source-unreachable' : 'source-broken';
    const sentence = `${this.#peer.name} answers ${status}, but not as an ONVIF camera does. Check its address and port, and that ONVIF is switched on in its settings.`;
    return new GlimpserError(code, sentence);
  }
}

/** A device that understood and said no: often for something that it does not have. */
export class SoapRefusal extends GlimpserError {
  constructor(name: string, { reason }: SoapFault) {
    const why = reason === '' ? 'It does not say why.' : `It says: ${reason.replace(/[.\s]*$/, '.')}`;
    super('source-broken', `${name} refused a request. ${why}`);
  }
}
