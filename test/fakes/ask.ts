/** A plain HTTP client for tests: every header is the test's own, nothing is followed, nothing is kept. */
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** What is asked. */
export interface Asked {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as JSON unless it is a string or bytes. */
  body?: unknown;
}

/** What came back. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  bytes: Buffer;
  /** Undefined when the body is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of many shapes and fail where one is missing.
  json: any;
}

/** Asks and reads the whole answer. */
export async function ask(url: string, asked: Asked = {}): Promise<Answer> {
  const response = await open(url, asked);
  const bytes = await buffer(response);
  const text = bytes.toString('utf8');
  return { status: response.statusCode ?? 0, headers: response.headers, text, bytes, json: parsed(text) };
}

/** Asks and answers as soon as the headers are there; the body is the caller's to read or to destroy. */
export function open(
  url: string,
  { method = 'GET', headers = {}, body }: Asked = {},
): Promise<IncomingMessage> {
  const isPlain = body === undefined || typeof body === 'string' || body instanceof Buffer;
  const payload = isPlain ? body : JSON.stringify(body);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = request(url, {
    method,
    agent: false,
    headers: { ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
  });
  sent.once('response', resolve).once('error', reject).end(payload);
  return promise;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
