/** What FFmpeg is told of servers that it reads from: headers, a proxy, and how long it waits. */
import { GlimpserError } from './errors.ts';

/** How long FFmpeg waits for the other side, in microseconds. */
export const TIMEOUT_US = '10000000';

/** What is common to inputs over HTTP. */
export interface Web {
  url: string;
  headers?: Readonly<Record<string, string>>;
  /** A forward proxy, `http://127.0.0.1:port`, that everything goes through, also what a playlist names. */
  proxyUrl?: string;
}

/** The arguments of an input over HTTP, before its address. */
export function httpArguments({ headers = {}, proxyUrl }: Web): string[] {
  const lines = Object.entries(headers).map(headerLine).join('');
  return [
    ...['-rw_timeout', TIMEOUT_US],
    ...(proxyUrl === undefined ? [] : ['-http_proxy', proxyUrl]),
    ...(lines === '' ? [] : ['-headers', lines]),
  ];
}

function headerLine([name, value]: readonly [string, string]): string {
  if (/^[\w-]+$/.test(name) && /^[\t\x20-\x7e]*$/.test(value)) return `${name}: ${value}\r\n`;
  throw new GlimpserError(
    'settings-invalid',
    `The header “${name}” holds a character that no header may hold.`,
  );
}
