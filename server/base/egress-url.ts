/** Reads the addresses that people write, strictly: what two parsers could read differently is refused. */
import { GlimpserError } from './errors.ts';
import { redact } from './redact.ts';

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  rtsp: 554,
  rtsps: 322,
  rtmp: 1935,
};

const SHAPE = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i;
/** A password with a # in it would make the password's start the host. */
const HASH_IN_LOGIN = /^[a-z0-9+.-]+:\/\/[^/?#@]*#[^/]*@/i;
/** `user:1234/x@10.0.0.5` reads as host `user`, port 1234; nobody means that. */
const SLASH_IN_LOGIN =
  /^[a-z0-9+.-]+:\/\/[^/?#@]*:\d*[/?][^@]*@(?:\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\])(?:[:/?#]|$)/i;
const MAX_LENGTH = 4096;

/** An address that was read: its host is a name, or an IP address in its canonical form. */
export interface ReadUrl {
  url: URL;
  /** Without brackets. */
  host: string;
  port: number;
}

/** True for text that begins like an address of a scheme that is known here. */
export function isReadable(text: string): boolean {
  const scheme = SHAPE.exec(text)?.[1]?.toLowerCase();
  return scheme !== undefined && scheme in DEFAULT_PORTS;
}

/** Reads an address with one of the schemes (`http`, `rtsp`). Throws `url-refused` with what to write. */
export function readUrl(text: string, schemes: readonly string[]): ReadUrl {
  const allowed = schemes.map(scheme => scheme.replace(/:$/, ''));
  const parts = checkShape(text, allowed);
  const url = parse(text);
  const host = canonicalHost(url, text);
  const port = url.port === '' ? DEFAULT_PORTS[parts.scheme] : Number(url.port);
  if (!port) throw refused(text, 'names no usable port. Write it as host:port, with a port from 1 to 65535.');
  return { url, host, port };
}

/** Host and port as one text, IPv6 in brackets. */
export function hostPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** An address as a sentence may show it: short and without credentials. */
export function shownUrl(text: string): string {
  const clean = redact(text);
  return `“${clean.length > 120 ? `${clean.slice(0, 117)}…` : clean}”`;
}

function checkShape(text: string, allowed: readonly string[]): { scheme: string } {
  const write = `Write an address that starts with ${allowed.map(scheme => `${scheme}://`).join(' or ')}.`;
  if (text.length > MAX_LENGTH) throw refused(text, `is longer than ${MAX_LENGTH} characters.`);
  if (hasUnseen(text)) throw refused(text, 'holds a space or an invisible character. Write a space as %20.');
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme && !allowed.includes(scheme) && (text.includes('://') || !/^[^:]+:\d/.test(text))) {
    throw refused(text, `starts with ${scheme}:, which is never opened here. ${write}`);
  }
  const found = SHAPE.exec(text);
  if (!found?.[1] || !allowed.includes(found[1].toLowerCase())) {
    throw refused(text, `is not a full address. ${write}`);
  }
  const authority = found[2] ?? '';
  if (authority.replace(/^.*@/, '').replace(/:\d*$/, '') === '') {
    throw refused(text, `names no host. Write it after the two slashes, as in ${found[1]}://host/.`);
  }
  if (HASH_IN_LOGIN.test(text)) {
    throw refused(text, 'has a # before the @. Write a # in a user name or password as %23.');
  }
  if (SLASH_IN_LOGIN.test(text)) {
    throw refused(
      text,
      'has a / or ? before the @. Write a / in a user name or password as %2F, a ? as %3F.',
    );
  }
  if (/^[^?#]*\\/.test(text)) throw refused(text, 'holds a backslash. Write / or %5C.');
  return { scheme: found[1].toLowerCase() };
}

function hasUnseen(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || (code >= 0x7f && code <= 0xa0) || code === 0x200b || code === 0xfeff) return true;
  }
  return false;
}

function parse(text: string): URL {
  const url = URL.parse(text);
  if (url) return url;
  throw refused(
    text,
    'cannot be read as an address. Check host and port; in a password write / as %2F, @ as %40, # as %23 and ? as %3F.',
  );
}

/** Schemes other than http keep their host as written (`0x7f.1`), so it is read once more as http reads it. */
function canonicalHost(url: URL, text: string): string {
  const again = URL.parse(`http://${decoded(url.hostname)}/`);
  if (!again?.hostname || again.pathname !== '/' || again.port !== '' || again.username !== '') {
    throw refused(text, 'names a host that cannot be read. Check how it is spelled.');
  }
  return again.hostname.replace(/^\[(.*)\]$/, '$1');
}

function decoded(host: string): string {
  try {
    return decodeURIComponent(host);
  } catch {
    return host;
  }
}

function refused(text: string, why: string): GlimpserError {
  return new GlimpserError('url-refused', `${shownUrl(text)} ${why}`);
}
