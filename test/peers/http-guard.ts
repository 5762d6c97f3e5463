/** The login of an HTTP camera: asks, checks the answer by its own reckoning, and counts wrong tries. */
import { createHash } from 'node:crypto';

/** What the guard looks at; a request of RTSP is one, too. */
export interface GuardedRequest {
  method?: string | undefined;
  url?: string | undefined;
  headers: { authorization?: string | undefined };
}

/** What the guard refuses by. */
export interface GuardedResponse {
  writeHead(status: number, headers: { 'WWW-Authenticate': string[] }): { end(): unknown };
}

/** Who may see the pictures, and how they have to say so. */
export interface GuardOptions {
  username: string;
  password: string;
  scheme: 'basic' | 'digest' | 'digest-sha256';
  /** How many requests a nonce lasts; then a new one is asked for, as stale. */
  nonceLasts?: number;
  /** Paths that need no login. */
  open?: RegExp;
}

/** Lets requests through, or answers them with 401. */
export class HttpGuard {
  readonly #options: GuardOptions;
  #nonce = 1;
  #used = 0;
  /** Answers that were wrong; requests without an answer do not count. */
  wrongTries = 0;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** True when the request may go on; otherwise it has been answered. */
  admits(request: GuardedRequest, response: GuardedResponse): boolean {
    if (this.#options.open?.test(request.url ?? '')) return true;
    const answer = request.headers.authorization;
    const isStale = answer !== undefined && this.#used >= (this.#options.nonceLasts ?? Infinity);
    if (answer !== undefined && !isStale) {
      if (this.#isRight(answer, request)) {
        this.#used++;
        return true;
      }
      this.wrongTries++;
    }
    // Each question has a nonce of its own, as servers do it: clients count their answers to it from one.
    this.#nonce++;
    this.#used = 0;
    response.writeHead(401, { 'WWW-Authenticate': this.#challenges(isStale) }).end();
    return false;
  }

  #challenges(isStale: boolean): string[] {
    const basic = 'Basic realm="cam, \\"yard\\""';
    const digest = `realm="cam", qop="auth,auth-int", nonce="n${this.#nonce}", opaque="o"${isStale ? ', stale=true' : ''}`;
    if (this.#options.scheme === 'basic') return [basic];
    if (this.#options.scheme === 'digest') return [basic, `Digest ${digest}`];
    return [`Digest ${digest}, algorithm=MD5, Digest ${digest}, algorithm=SHA-256`, basic];
  }

  #isRight(answer: string, request: GuardedRequest): boolean {
    const { username, password, scheme } = this.#options;
    if (scheme === 'basic') return answer === `Basic ${btoa(`${username}:${password}`)}`;
    const field = (name: string) => new RegExp(`[ ,]${name}="?([^",]*)`).exec(answer)?.[1] ?? '';
    const hash = (text: string) =>
      createHash(scheme === 'digest' ? 'md5' : 'sha256')
        .update(text)
        .digest('hex');
    const who = hash(`${username}:cam:${password}`);
    const what = hash(`${request.method}:${request.url}`);
    const proof = hash(`${who}:n${this.#nonce}:${field('nc')}:${field('cnonce')}:auth:${what}`);
    const isInOrder = Number.parseInt(field('nc'), 16) === this.#used + 1;
    return isInOrder && field('uri') === request.url && field('response') === proof;
  }
}
