/** Takes a login out of an address that was pasted, so that no password stands on the screen in clear. */
import type { Values } from './values.ts';

/** Fields that may hold an address with a login. */
export const ADDRESS_FIELDS: readonly string[] = ['options.url', 'options.address', 'options.subUrl'];
const USERNAME = 'options.username';
const PASSWORD = 'options.password';

/** An address and the login that stood in it. */
export interface SplitAddress {
  address: string;
  username: string;
  password: string;
}

/** True for fields that may hold an address with a login. */
export function isAddressField(name: string): boolean {
  return ADDRESS_FIELDS.includes(name);
}

/** The parts of `rtsp://user:password@host/path`; undefined when there is no login in it. */
export function splitLogin(text: string): SplitAddress | undefined {
  const [, scheme = '', rest = ''] = /^\s*([a-z][a-z0-9+.-]*:\/\/)?(.*?)\s*$/is.exec(text) ?? [];
  const [, inside, place = ''] = /^([^/?#]*)@(.*)$/s.exec(rest) ?? unescapedLogin(rest) ?? [];
  if (inside === undefined || inside === '' || place === '') return undefined;
  const [, username = '', password = ''] = /^([^:]*):?(.*)$/s.exec(inside) ?? [];
  return { address: `${scheme}${place}`, username: decoded(username), password: decoded(password) };
}

/** People do not escape the / ? # of their passwords. What looks like host:port before them is no login. */
function unescapedLogin(rest: string): RegExpExecArray | null {
  // An address of IPv6 has colons of its own.
  if (rest.startsWith('[')) return null;
  return /^[^:/?#@]+:\d*[/?#]/.test(rest) ? null : /^([^:/?#@]+:.*)@([^@/?#]+.*)$/s.exec(rest);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Values whose login went from an address to its own fields, with a sentence on it; undefined: nothing to move. */
export function moveLogin(values: Values, name: string): { values: Values; sentence: string } | undefined {
  if (!isAddressField(name) || !(USERNAME in values)) return undefined;
  const found = splitLogin(String(values[name] ?? ''));
  if (!found) return undefined;
  const { address, username, password } = found;
  // Both streams of a camera share a login; that of the main one counts.
  const isKept = name === 'options.subUrl' && values[USERNAME] !== '';
  const login = isKept ? {} : { [USERNAME]: username, ...(password === '' ? {} : { [PASSWORD]: password }) };
  return { values: { ...values, [name]: address, ...login }, sentence: sentenceOn(isKept, password) };
}

function sentenceOn(isKept: boolean, password: string): string {
  if (isKept) return 'The login was taken out of the address. The one in the fields for it is used.';
  return password === ''
    ? 'The user name now has a field of its own.'
    : 'User name and password now have fields of their own, so that nobody reads them here.';
}
