/** Answers what HTTP servers and devices ask of who logs in: Basic, and Digest with MD5 or SHA-256 (RFC 7616, auth). */
import { createHash } from 'node:crypto';
import { GlimpserError } from './errors.ts';

/** A user name and its password. */
export interface Login {
  username: string;
  password: string;
}

/** One challenge of a WWW-Authenticate header. */
export interface Challenge {
  scheme: 'basic' | 'digest';
  /** Names in lower case: realm, nonce, qop, … */
  fields: Readonly<Record<string, string>>;
}

/** What a Digest answer is made for. */
export interface DigestRequest {
  method: string;
  /** Path and query as they are sent. */
  path: string;
  /** How many requests were answered with this nonce, this one included. */
  count: number;
  clientNonce: string;
}

/** A scheme that is followed by a field, or a field. */
const TOKEN = /([\w-]+)\s+(?=[\w-]+\s*=)|([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))|([\w-]+)/g;
const HASHES: Readonly<Record<string, string>> = { md5: 'md5', 'sha-256': 'sha256' };

/** Every challenge that we know how to read, in the order of the header. */
export function readChallenges(header: string | string[] | undefined): Challenge[] {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '');
  const found: Array<{ scheme: string; fields: Record<string, string> }> = [];
  for (const [, scheme, key, quoted, bare, lone] of text.matchAll(TOKEN)) {
    const name = scheme ?? lone;
    if (name !== undefined) found.push({ scheme: name.toLowerCase(), fields: {} });
    else if (key !== undefined) {
      const current = found.at(-1);
      if (current) current.fields[key.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
    }
  }
  return found.filter((one): one is Challenge => one.scheme === 'basic' || one.scheme === 'digest');
}

/** The safest challenge: Digest with SHA-256, then with MD5, then Basic. Throws `source-broken` when all are unknown. */
export function pickChallenge(challenges: readonly Challenge[]): Challenge | undefined {
  const digests = challenges.filter(({ scheme }) => scheme === 'digest');
  const byHash = (hash: string) => digests.find(({ fields }) => hashOf(fields) === hash);
  const picked =
    byHash('sha256') ?? byHash('md5') ?? challenges.find(challenge => challenge.scheme === 'basic');
  if (picked || digests.length === 0) return picked;
  const asked = digests[0]?.fields['algorithm']?.slice(0, 20) ?? '';
  throw new GlimpserError('source-broken', `The server asks for Digest ${asked}, which is not known here.`);
}

/** The Authorization header for a challenge. */
export function answerChallenge(challenge: Challenge, login: Login, request: DigestRequest): string {
  if (challenge.scheme === 'digest') return digest(challenge.fields, login, request);
  return `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
}

function hashOf(fields: Challenge['fields']): string | undefined {
  const name = (fields['algorithm'] ?? 'MD5').toLowerCase().replace(/-sess$/, '');
  return HASHES[name];
}

function digest(fields: Challenge['fields'], login: Login, request: DigestRequest): string {
  const { realm = '', nonce = '', opaque, algorithm, qop } = fields;
  const { method, path, clientNonce } = request;
  const hash = (text: string) =>
    createHash(hashOf(fields) ?? 'md5')
      .update(text)
      .digest('hex');
  const isSession = /-sess$/i.test(algorithm ?? '');
  const plain = hash(`${login.username}:${realm}:${login.password}`);
  const who = isSession ? hash(`${plain}:${nonce}:${clientNonce}`) : plain;
  const what = hash(`${method}:${path}`);
  const count = request.count.toString(16).padStart(8, '0');
  const hasQop = qop?.split(',').some(one => one.trim().toLowerCase() === 'auth') ?? false;
  const proof = hasQop ? `${nonce}:${count}:${clientNonce}:auth` : nonce;
  return `Digest ${[
    `username=${quoted(login.username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(path)}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    `response="${hash(`${who}:${proof}:${what}`)}"`,
    ...(hasQop ? ['qop=auth', `nc=${count}`] : []),
    ...(hasQop || isSession ? [`cnonce="${clientNonce}"`] : []),
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
  ].join(', ')}`;
}

/** Header values are bytes; names beyond ASCII travel as UTF-8. */
function quoted(text: string): string {
  return `"${Buffer.from(text.replace(/["\\]/g, '\\$&')).toString('latin1')}"`;
}
