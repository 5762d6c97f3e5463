/** The server's side of Basic and Digest (RFC 7616 without qop, which RTSP players do not know): asking, reading, checking. */
import { createHash } from 'node:crypto';
import { type Login, readChallenges } from './http-challenge.ts';
import { isSameText } from './secret.ts';

/** What an Authorization header says. */
export type Authorization =
  | { scheme: 'basic'; login: Login }
  | { scheme: 'digest'; username: string; fields: Readonly<Record<string, string>> };

/** What a Digest answer must have been made for. */
export interface DigestExpectation {
  realm: string;
  nonce: string;
  method: string;
  password: string;
}

const HASHES: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-256': 'sha256' };

/**
 * One challenge for each line. MD5 stands behind SHA-256: FFmpeg and live555 take the last Digest, and know only MD5;
 * who takes the first one knows more.
 */
export function challengeLines(realm: string, nonce: string, isStale: boolean): string[] {
  const stale = isStale ? ', stale=true' : '';
  const digest = (algorithm: string) =>
    `Digest realm="${realm}", nonce="${nonce}", algorithm=${algorithm}${stale}`;
  return [digest('SHA-256'), digest('MD5'), `Basic realm="${realm}"`];
}

/** Reads a header; undefined for what is no login. */
export function readAuthorization(header: string): Authorization | undefined {
  const [, basic] = /^basic\s+([\w+/=-]+)$/i.exec(header) ?? [];
  if (basic !== undefined) {
    const [, username = '', password = ''] =
      /^([^:]*):(.*)$/s.exec(Buffer.from(basic, 'base64').toString()) ?? [];
    return { scheme: 'basic', login: { username, password } };
  }
  const fields = readChallenges(header).find(({ scheme }) => scheme === 'digest')?.fields;
  return fields && { scheme: 'digest', username: fields['username'] ?? '', fields };
}

/** True when an answer was made with this password for this method, and for the address that it names. */
export function isDigestRight(
  fields: Readonly<Record<string, string>>,
  expected: DigestExpectation,
): boolean {
  const { username = '', uri = '', response = '', qop, nc = '', cnonce = '', algorithm = 'MD5' } = fields;
  const name = HASHES[algorithm.toUpperCase()];
  if (name === undefined || fields['realm'] !== expected.realm || fields['nonce'] !== expected.nonce)
    return false;
  const hash = (text: string) => createHash(name).update(text).digest('hex');
  const who = hash(`${username}:${expected.realm}:${expected.password}`);
  const what = hash(`${expected.method}:${uri}`);
  const middle = qop === 'auth' ? `${expected.nonce}:${nc}:${cnonce}:auth` : expected.nonce;
  return isSameText(hash(`${who}:${middle}:${what}`), response.toLowerCase());
}
