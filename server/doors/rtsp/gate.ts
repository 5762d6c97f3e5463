/** Lets requests of one connection in: every one is checked, and what there is not looks like what one may not see. */
import { randomBytes } from 'node:crypto';
import {
  type Authorization,
  challengeLines,
  isDigestRight,
  readAuthorization,
} from '#base/http-authorization.ts';
import { type RtspAnswer, type RtspRequest, readTarget } from '#base/rtsp/message.ts';
import { isSameText, randomToken, tokenHash } from '#base/secret.ts';
import type { Failures } from './failures.ts';
import type { StreamLogins, Viewer } from './logins.ts';

const REALM = 'Glimpser';

/** What the gate of a connection is given. */
export interface GateParts {
  logins: StreamLogins;
  failures: Failures;
  address: string;
  /** Fires when the connection is gone. */
  signal: AbortSignal;
}

/** The gate of one connection. */
export class Gate {
  readonly #parts: GateParts;
  /** Of this connection alone: an answer that was heard elsewhere is worth nothing here. */
  readonly #nonce = randomBytes(16).toString('hex');
  /** For a name that nobody has: it takes as long to be refused. */
  readonly #nobody = randomToken();
  /** The last Basic login that was right, as a hash: it is slow to check. */
  #proven: { hash: string; viewer: Viewer } | undefined;
  /** Who was let in last. */
  #viewer: Viewer | undefined;
  #isTrusted = false;

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  /** The refusal of a request, if it is one. */
  async admit(request: RtspRequest, path: string | undefined): Promise<RtspAnswer | undefined> {
    const { failures, address, signal } = this.#parts;
    const said = request.headers['authorization'];
    const authorization = said === undefined ? undefined : readAuthorization(said);
    if (!authorization) return this.#ask(false);
    if (authorization.scheme === 'digest' && authorization.fields['nonce'] !== this.#nonce)
      return this.#ask(true);
    if (!this.#isTrusted && !(await failures.turn(address, signal))) return { status: 503 };
    const viewer = await this.#viewerOf(authorization, request);
    if (!viewer) {
      this.#isTrusted = false;
      await failures.failed(address, signal);
      return this.#ask(false);
    }
    if (!this.#isTrusted) failures.succeeded(address);
    this.#isTrusted = true;
    this.#viewer = viewer;
    return path === undefined || viewer.sees(path) ? undefined : { status: 404 };
  }

  /** True while whoever was let in may still play this, as things stand now. */
  async lets(path: string): Promise<boolean> {
    const viewer = await this.#viewer?.renewed();
    return viewer?.sees(path) ?? false;
  }

  async #viewerOf(authorization: Authorization, request: RtspRequest): Promise<Viewer | undefined> {
    if (authorization.scheme === 'digest') return this.#digestViewer(authorization, request);
    const { username, password } = authorization.login;
    const { logins, address } = this.#parts;
    const user = logins.lookup(username);
    if (isSameText(user?.secret ?? this.#nobody, password) && user) return user;
    const hash = tokenHash(`${username}:${password}`);
    const proven = this.#proven && isSameText(this.#proven.hash, hash) ? this.#proven.viewer : undefined;
    const viewer = (await proven?.renewed()) ?? (await logins.checkBasic(username, password, address));
    if (viewer) this.#proven = { hash, viewer };
    return viewer;
  }

  #digestViewer({ username, fields }: Authorization & { scheme: 'digest' }, request: RtspRequest) {
    const user = this.#parts.logins.lookup(username);
    const expected = { realm: REALM, nonce: this.#nonce, method: request.method };
    const isRight = isDigestRight(fields, { ...expected, password: user?.secret ?? this.#nobody });
    // Some players name the stream where they ask for its track.
    return isRight && pathOf(fields['uri'] ?? '') === pathOf(request.url) ? user : undefined;
  }

  #ask(isStale: boolean): RtspAnswer {
    const lines = challengeLines(REALM, this.#nonce, isStale);
    return { status: 401, headers: lines.map(line => ['WWW-Authenticate', line] as const) };
  }
}

function pathOf(url: string): string | undefined {
  return url.startsWith('/') ? readTarget(`rtsp://stream${url}`)?.path : readTarget(url)?.path;
}
