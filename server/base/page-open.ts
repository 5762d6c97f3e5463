/** Opens an address in a page and says in a sentence why it could not be opened. */
import type { HTTPRequest, Page } from 'puppeteer-core';
import { PROXY_HEADER } from './egress-headers.ts';
import { hostPort, shownUrl } from './egress-url.ts';
import { GlimpserError, sentenceOf } from './errors.ts';
import { isPageTimeout } from './page-elements.ts';

/** What came back. */
export interface OpenedPage {
  /** Undefined for pages without an answer of a server. */
  httpStatus: number | undefined;
}

/** How an address is opened. */
export interface OpenOptions {
  timeoutMs: number;
  /** Why the network refused `host:port`, if it did. */
  failureOf(place: string): GlimpserError | undefined;
}

const REASONS: readonly (readonly [error: RegExp, sentence: string])[] = [
  [/ERR_TOO_MANY_REDIRECTS/, 'redirects in a circle.'],
  [
    /ERR_UNSAFE_REDIRECT|ERR_UNKNOWN_URL_SCHEME|ERR_DISALLOWED_URL_SCHEME/,
    'redirects to an address that is no web page.',
  ],
  [
    /ERR_CERT|ERR_SSL|ERR_BAD_SSL/,
    'shows a certificate that cannot be trusted. Allow it in the options if you know the machine.',
  ],
  [/ERR_ABORTED/, 'gives a download or nothing at all, not a page.'],
  [
    /ERR_EMPTY_RESPONSE|ERR_CONNECTION_CLOSED|ERR_CONNECTION_RESET/,
    'closed the connection without an answer.',
  ],
  [/ERR_NAME_NOT_RESOLVED/, 'has no network address. Check how it is spelled.'],
  [/ERR_CONNECTION_REFUSED/, 'refuses connections. Check the port, and that it is switched on.'],
  [/ERR_INVALID_AUTH_CREDENTIALS|ERR_TOO_MANY_RETRIES/, 'refuses the login. Check user name and password.'],
  [/ERR_UNSAFE_PORT/, 'has a port that browsers never open.'],
  [/ERR_INVALID_RESPONSE|ERR_INVALID_HTTP_RESPONSE|ERR_RESPONSE_HEADERS/, 'does not answer as HTTP does.'],
];

/**
 * Goes to an address and waits until its document is there; readiness is another matter.
 * Throws `page-failed`, or what the network refused (`address-refused`).
 */
export async function openUrl(page: Page, url: string, options: OpenOptions): Promise<OpenedPage> {
  let last = url;
  const follow = (request: HTTPRequest) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) last = request.url();
  };
  page.on('request', follow);
  try {
    const answer = await page.goto(url, { waitUntil: 'domcontentloaded', timeout: options.timeoutMs });
    const refused = answer?.headers()[PROXY_HEADER] && options.failureOf(placeOf(answer.url()));
    if (refused) throw pageFailure(refused);
    return { httpStatus: answer?.status() };
  } catch (thrown) {
    throw openFailure(thrown, url, last, options);
  } finally {
    page.off('request', follow);
  }
}

function openFailure(thrown: unknown, url: string, last: string, options: OpenOptions): unknown {
  if (thrown instanceof GlimpserError) return thrown;
  const text = sentenceOf(thrown);
  if (isPageTimeout(thrown)) {
    const sentence = `${shownUrl(url)} did not load within ${Math.round(options.timeoutMs / 1000)} s.`;
    return new GlimpserError('page-failed', sentence, { cause: thrown });
  }
  const refused = /ERR_TUNNEL|ERR_PROXY/.test(text) ? options.failureOf(placeOf(last)) : undefined;
  if (refused) return pageFailure(refused);
  const known = REASONS.find(([error]) => error.test(text));
  if (known) return new GlimpserError('page-failed', `${shownUrl(last)} ${known[1]}`, { cause: thrown });
  if (!text.includes('net::')) return thrown;
  const code = /net::(\w+)/.exec(text)?.[1] ?? text;
  return new GlimpserError('page-failed', `${shownUrl(last)} could not be loaded (${code}).`, {
    cause: thrown,
  });
}

/** Refusals keep their code; a machine that does not answer is a page that failed. */
export function pageFailure(error: GlimpserError): GlimpserError {
  const isRefusal = error.code === 'address-refused' || error.code === 'url-refused';
  return isRefusal ? error : new GlimpserError('page-failed', error.message, { cause: error });
}

function placeOf(text: string): string {
  const url = URL.parse(text);
  const port = Number(url?.port) || (url?.protocol === 'https:' ? 443 : 80);
  return hostPort((url?.hostname ?? '').replace(/^\[(.*)\]$/, '$1'), port);
}
