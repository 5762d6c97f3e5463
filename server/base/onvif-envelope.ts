/** SOAP as ONVIF devices speak it: envelopes out, the body or a refusal in words in. */
import { createHash, randomBytes } from 'node:crypto';
import { isoTime } from './clock.ts';
import { GlimpserError } from './errors.ts';
import type { Login } from './http-challenge.ts';
import { elementAt, elementsNamed, escapeXml, readXml, textAt, type XmlElement } from './xml.ts';

/** Namespaces by the prefixes that our envelopes use. */
export const SPACES = {
  s: 'http://www.w3.org/2003/05/soap-envelope',
  tt: 'http://www.onvif.org/ver10/schema',
  tds: 'http://www.onvif.org/ver10/device/wsdl',
  trt: 'http://www.onvif.org/ver10/media/wsdl',
  tr2: 'http://www.onvif.org/ver20/media/wsdl',
  tptz: 'http://www.onvif.org/ver20/ptz/wsdl',
  tev: 'http://www.onvif.org/ver10/events/wsdl',
  wsnt: 'http://docs.oasis-open.org/wsn/b-2',
  wsa: 'http://www.w3.org/2005/08/addressing',
} as const;

const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
const DECLARED = Object.entries(SPACES)
  .map(([prefix, space]) => `xmlns:${prefix}="${space}"`)
  .join(' ');

/** A whole message. `header` and `body` are XML that uses the prefixes of SPACES. */
export function envelope(header: string, body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><s:Envelope ${DECLARED}><s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;
}

/**
 * Who asks, as a header: the password goes as a digest with a nonce and the time of the device (WS-UsernameToken).
 * Devices refuse a time that is far from their own clock.
 */
export function securityHeader({ username, password }: Login, deviceTimeMs: number): string {
  const nonce = randomBytes(16);
  const created = isoTime(deviceTimeMs);
  const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
  return `<Security s:mustUnderstand="1" xmlns="${WSS}-wssecurity-secext-1.0.xsd"><UsernameToken><Username>${escapeXml(username)}</Username><Password Type="${WSS}-username-token-profile-1.0#PasswordDigest">${digest}</Password><Nonce EncodingType="${WSS}-soap-message-security-1.0#Base64Binary">${nonce.toString('base64')}</Nonce><Created xmlns="${WSS}-wssecurity-utility-1.0.xsd">${created}</Created></UsernameToken></Security>`;
}

/** An answer of a device: what stands in its body, or why it refused. */
export type SoapAnswer = { body: XmlElement } | { fault: SoapFault };

/** Why a device refused. */
export interface SoapFault {
  isLogin: boolean;
  /** As the device says it, cut. */
  reason: string;
}

/** Reads an answer. Throws `source-broken` when it is no SOAP. */
export function readEnvelope(text: string): SoapAnswer {
  const body = elementAt(readXml(text), 'Body');
  const fault = elementAt(body, 'Fault');
  if (fault) return { fault: readFault(fault) };
  const [first] = body?.children ?? [];
  if (first) return { body: first };
  throw new GlimpserError('source-broken', 'The answer holds no SOAP body.');
}

function readFault(fault: XmlElement): SoapFault {
  const codes = [...elementsNamed(fault, 'Value'), ...elementsNamed(fault, 'faultcode')];
  const isLogin = codes.some(({ text }) => /NotAuthorized|FailedAuthentication|FailedCheck/i.test(text));
  const reason = textAt(fault, 'Reason', 'Text') || textAt(fault, 'faultstring') || codes.at(-1)?.text || '';
  return { isLogin, reason: reason.replace(/\s+/g, ' ').slice(0, 160) };
}
