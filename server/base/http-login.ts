/** HTTP logins for cameras: Basic, and Digest with MD5 or SHA-256 (RFC 7616, quality of protection auth). */
import { createHash, randomBytes } from 'node:crypto';
import type { Egress } from './egress.ts';
import type { EgressRequest, EgressResponse } from './egress-fetch.ts';
import { GlimpserError } from './errors.ts';

/** A user name and its password. */
export interface Login {
  username: string;
  password: string;
}

/** Remembers what a server asked for, so that every later request is accepted at once. */
export class LoginMemory {
  challenge: string | undefined;
  count = 0;
}

/** Fetches; answers one challenge. Throws `source-refused-login` when the server still says no, so that nobody hammers. */
export async function fetchWithLogin(
  egress: Egress,
  url: string,
  request: EgressRequest,
  login: Login | undefined,
  memory: LoginMemory,
): Promise<EgressResponse> {
  const attempt = () => egress.fetch(url, withAuthorization(url, request, login, memory));
  const first = await attempt();
  if (first.status !== 401) return refuse403(first);
  const challenge = pickChallenge(first.headers['www-authenticate']);
  first.body.destroy();
  const isAnswered = memory.challenge !== undefined && !/stale=true/i.test(challenge ?? '');
  memory.challenge = challenge;
  memory.count = 0;
  if (!login || challenge === undefined || (isAnswered && /^basic/i.test(challenge))) throw refused(login);
  const second = await attempt();
  if (second.status !== 401) return refuse403(second);
  second.body.destroy();
  memory.challenge = undefined;
  throw refused(login);
}

function refuse403(response: EgressResponse): EgressResponse {
  if (response.status !== 403) return response;
  response.body.destroy();
  throw new GlimpserError(
    'source-refused-login',
    'The server answers 403: this login may not see the picture.',
  );
}

function refused(login: Login | undefined): GlimpserError {
  const sentence = login
    ? 'The server refused the user name or password. Correct them; cameras lock after several wrong tries.'
    : 'The server asks for a user name and a password. Enter them in the source.';
  return new GlimpserError('source-refused-login', sentence);
}

function withAuthorization(
  url: string,
  request: EgressRequest,
  login: Login | undefined,
  memory: LoginMemory,
): EgressRequest {
  if (!login || memory.challenge === undefined) return request;
  const authorization = answerChallenge(memory.challenge, login, {
    method: request.method ?? 'GET',
    path: new URL(url).pathname + new URL(url).search,
    count: ++memory.count,
    nonce: randomBytes(8).toString('hex'),
  });
  return { ...request, headers: { ...request.headers, authorization } };
}

/** Digest with SHA-256 before MD5 before Basic. */
function pickChallenge(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '');
  const challenges = text.split(/,\s*(?=(?:Basic|Digest)\b)/i);
  const digests = challenges.filter(one => /^\s*digest/i.test(one));
  const strong = digests.find(one => /algorithm="?SHA-256/i.test(one));
  return (strong ?? digests[0] ?? challenges.find(one => /^\s*basic/i.test(one)))?.trim();
}

/** The Authorization header for a challenge. Throws `source-broken` for one that nobody can answer. */
export function answerChallenge(
  challenge: string,
  login: Login,
  request: { method: string; path: string; count: number; nonce: string },
): string {
  if (/^basic/i.test(challenge)) {
    return `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
  }
  const given = Object.fromEntries(
    [...challenge.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)].map(([, key = '', a, b]) => [
      key.toLowerCase(),
      a ?? b ?? '',
    ]),
  );
  const algorithm = given['algorithm'] ?? 'MD5';
  if (!/^(MD5|SHA-256)$/i.test(algorithm)) {
    throw new GlimpserError(
      'source-broken',
      `The server asks for the login method Digest ${algorithm.slice(0, 20)}, which is not known.`,
    );
  }
  return digest(given, algorithm, login, request);
}

function digest(
  given: Record<string, string>,
  algorithm: string,
  login: Login,
  { method, path, count, nonce }: { method: string; path: string; count: number; nonce: string },
): string {
  const hash = (text: string) =>
    createHash(/md5/i.test(algorithm) ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const { realm = '', nonce: serverNonce = '', opaque, qop } = given;
  const who = hash(`${login.username}:${realm}:${login.password}`);
  const what = hash(`${method}:${path}`);
  const number = count.toString(16).padStart(8, '0');
  const hasQop = qop?.split(',').some(one => one.trim() === 'auth') ?? false;
  const response = hasQop
    ? hash(`${who}:${serverNonce}:${number}:${nonce}:auth:${what}`)
    : hash(`${who}:${serverNonce}:${what}`);
  const fields = [
    `username="${login.username.replaceAll('"', '\\"')}"`,
    `realm="${realm}"`,
    `nonce="${serverNonce}"`,
    `uri="${path}"`,
    `algorithm=${algorithm}`,
    `response="${response}"`,
    ...(hasQop ? ['qop=auth', `nc=${number}`, `cnonce="${nonce}"`] : []),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ];
  return `Digest ${fields.join(', ')}`;
}
