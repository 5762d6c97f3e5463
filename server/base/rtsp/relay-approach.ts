/** How a relay comes to a camera: checked, connected, logged in, redirects followed, and the stream described. */
import { addAbortListener } from 'node:events';
import type { Clock } from '#base/clock.ts';
import type { Egress, Target } from '#base/egress.ts';
import { shownUrl } from '#base/egress-url.ts';
import { asGlimpserError, GlimpserError } from '#base/errors.ts';
import type { Login } from '#base/http-challenge.ts';
import { splitLogin } from '#base/http-login.ts';
import { dial } from './relay-dial.ts';
import { statusFailure } from './relay-failure.ts';
import { type RelayAnswer, type RelayAsk, RelayLine } from './relay-line.ts';
import { RelayLogin } from './relay-login.ts';

const MAX_REDIRECTS = 3;

/** Where a relay leads. */
export interface RelayTarget {
  /** `rtsp://` or `rtsps://`, without a login. */
  url: string;
  login: Login | undefined;
  /** Starts the sentences. */
  name: string;
  /** False takes a certificate that the camera signed itself. */
  isCertificateChecked: boolean;
  egress: Pick<Egress, 'check'>;
  clock: Clock;
  /** Ends the approach. */
  signal: AbortSignal;
}

/** A camera that is ready to be set up. */
export interface Approached {
  line: RelayLine;
  /** Its address, behind all redirects. */
  url: string;
  /** Methods that it knows, as it says. */
  methods: string;
  /** Its answer to DESCRIBE. */
  description: RelayAnswer;
}

/** Throws why there is no stream in a sentence, or the reason of the signal. */
export async function approach(wanted: RelayTarget): Promise<Approached> {
  const first = await check(wanted, wanted.url, 'lan');
  // Whoever stands on the internet may not lead into the own network.
  const reach = first.isLocal ? 'lan' : 'internet';
  let [url, target] = [wanted.url, first];
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const met = await visit(wanted, url, target, first);
    if ('line' in met) return met;
    url = met.location;
    target = await check(wanted, url, reach).catch(thrown => {
      throw notFollowed(wanted.name, url, thrown);
    });
  }
  throw new GlimpserError(
    'source-broken',
    `${wanted.name} redirects more than ${MAX_REDIRECTS} times. Enter the address of the camera itself.`,
  );
}

function check({ egress, signal }: RelayTarget, url: string, reach: 'lan' | 'internet'): Promise<Target> {
  return egress.check(url, { protocols: ['rtsp', 'rtsps'], reach }, signal);
}

/** Asks one place for its stream; it may lead elsewhere. */
async function visit(
  wanted: RelayTarget,
  url: string,
  target: Target,
  first: Target,
): Promise<Approached | { location: string }> {
  const isAtHome = placeOf(target) === placeOf(first);
  const { name, clock, signal } = wanted;
  const socket = await dial(target, wanted);
  const login = new RelayLogin(name, isAtHome ? wanted.login : undefined);
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const hearer = { takes: () => false, frames: () => undefined, failed: failed.reject };
  const line = new RelayLine({ socket, clock, login, name }, hearer);
  using _stop = addAbortListener(signal, () => {
    line[Symbol.dispose]();
    failed.reject(signal.reason);
  });
  try {
    const met = await Promise.race([describe(line, url, wanted), failed.promise]);
    if ('location' in met) line[Symbol.dispose]();
    return met;
  } catch (thrown) {
    line[Symbol.dispose]();
    throw isAtHome ? thrown : withoutLogin(thrown, wanted, target);
  }
}

async function describe(
  line: RelayLine,
  url: string,
  { name, login }: RelayTarget,
): Promise<Approached | { location: string }> {
  // Cameras that know no OPTIONS are asked all the same; it costs them an answer.
  const options = await answerTo(line, { method: 'OPTIONS', url, headers: {} });
  if (isRedirect(options)) return { location: locationOf(options, url, name) };
  const methods = options.status < 300 ? (options.headers['public'] ?? '') : '';
  const headers = { accept: 'application/sdp' };
  const description = await answerTo(line, { method: 'DESCRIBE', url, headers });
  if (isRedirect(description)) return { location: locationOf(description, url, name) };
  if (description.status >= 300) throw statusFailure(name, description.status, login !== undefined);
  if (description.body.length > 0) return { line, url, methods, description };
  throw new GlimpserError('source-broken', `${name} describes no stream. Check the path of its address.`);
}

function answerTo(line: RelayLine, ask: Omit<RelayAsk, 'answered'>): Promise<RelayAnswer> {
  const { promise, resolve } = Promise.withResolvers<RelayAnswer>();
  line.ask({ ...ask, answered: resolve });
  return promise;
}

/** True for an answer that leads elsewhere. */
export function isRedirect({ status }: RelayAnswer): boolean {
  return status >= 300 && status < 400;
}

/** A login in it is left out: it would be one that we were not given. */
function locationOf({ headers }: RelayAnswer, url: string, name: string): string {
  const location = headers['location'] ?? '';
  const next = location === '' ? undefined : URL.parse(location, url)?.href;
  if (next !== undefined) return splitLogin(/^\w+:\/\//.test(location) ? location : next, '', '').url;
  throw new GlimpserError('source-broken', `${name} redirects to an unreadable address.`);
}

function notFollowed(name: string, url: string, thrown: unknown): unknown {
  if (!(thrown instanceof GlimpserError)) return thrown;
  const sentence = `${name} redirects to ${shownUrl(url)}, which is not followed: ${thrown.message}`;
  return new GlimpserError(thrown.code, sentence, { cause: thrown });
}

/** A login is never told to another place than the one that it was given for. */
function withoutLogin(thrown: unknown, { name, login }: RelayTarget, target: Target): unknown {
  const error = asGlimpserError(thrown);
  if (!login || error.code !== 'source-refused-login') return thrown;
  const place = placeOf(target).replace(/^.*\/\//, '');
  const sentence = `${name} redirects to ${place}, which asks for a login. Enter that address.`;
  return new GlimpserError(error.code, sentence, { cause: thrown });
}

function placeOf({ url, host, port }: Target): string {
  return `${url.protocol}//${host.includes(':') ? `[${host}]` : host}:${port}`;
}
