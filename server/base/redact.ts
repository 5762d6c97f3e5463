/** Takes credentials out of text before it is logged, stored or shown. */

/**
 * Up to the last `@`: people do not always encode an `@` or a `/` in a password, and a word too much hidden is better
 * than a password shown. A path alone (`https://site/@name`) is no login: its `@` comes first, without a colon.
 */
const URL_LOGIN = /([a-z][a-z0-9+.-]{0,30}:\/\/)(?=[^\s/?#"<>“”]*@|[^\s"<>“”@]*:)[^\s"<>“”]*@/gi;
const SECRET_NAMES = [
  'password|passwd|passw|pass|pwd|psw|pw|passphrase|loginpas',
  'token|access_token|key|apikey|api_key|secret|auth|sig|signature',
].join('|');
/** Some cameras take the login as a part of the path: `/user=admin_password=…`. */
const QUERY_SECRET = new RegExp(`([?&;/_-](?:${SECRET_NAMES})=)[^&\\s"'<>“”]+`, 'gi');
const HEADER_SECRET = /((?:proxy-)?authorization\s*[:=]\s*(?:basic|bearer|digest)\s+)[^\s"',]+/gi;

/** The text with URL logins, secret query values and authorization headers replaced by `***`. */
export function redact(text: string): string {
  return text.replace(URL_LOGIN, '$1***@').replace(QUERY_SECRET, '$1***').replace(HEADER_SECRET, '$1***');
}
