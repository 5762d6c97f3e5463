/** Takes credentials out of text before it is logged, stored or shown. */

const URL_LOGIN = /([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@"']*@/gi;
const QUERY_SECRET =
  /([?&;](?:password|passwd|pass|pwd|token|key|apikey|api_key|secret|auth|signature)=)[^&\s"']+/gi;
const HEADER_SECRET = /((?:proxy-)?authorization\s*[:=]\s*(?:basic|bearer|digest)\s+)[^\s"',]+/gi;

/** The text with URL logins, secret query values and authorization headers replaced by `***`. */
export function redact(text: string): string {
  return text.replace(URL_LOGIN, '$1***@').replace(QUERY_SECRET, '$1***').replace(HEADER_SECRET, '$1***');
}
