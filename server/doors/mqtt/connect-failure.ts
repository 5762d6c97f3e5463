/** Why a broker could not be reached, as a sentence with what to do. */
import { GlimpserError, isAbort, sentenceOf } from '#base/errors.ts';

const REFUSED_PROTOCOL = new Set([1, 132]);
/** From here on reason codes of MQTT 5 are failures. */
const FIRST_REASON = 128;
const REFUSED_LOGIN = new Set([4, 5, 134, 135, 138]);

/** True when an older version of MQTT may still work: the broker said so, or hung up without a word. */
export function isProtocolRefused(thrown: unknown): boolean {
  return REFUSED_PROTOCOL.has(codeOf(thrown) as number) || isHangUp(thrown);
}

/** `broker-refused-login` or `broker-unreachable`; an abort is passed on. */
export function connectFailure(thrown: unknown, address: { url: string; isBuiltIn: boolean }): unknown {
  if (isAbort(thrown)) return thrown;
  const where = address.url;
  if (REFUSED_LOGIN.has(codeOf(thrown) as number)) {
    return new GlimpserError(
      'broker-refused-login',
      `The MQTT broker at ${where} refused the user name or password. Correct them in MQTT_URL.`,
      { cause: thrown },
    );
  }
  return new GlimpserError(
    'broker-unreachable',
    `The MQTT broker at ${where} does not answer (${whyOf(thrown)}). Check that it runs, and host and port in MQTT_URL.`,
    { cause: thrown },
  );
}

/**
 * What the broker said about one message or subscription, as `broker-refused-topic`. Anything else is passed on: then the
 * connection is what failed.
 */
export function topicFailure(thrown: unknown, verb: 'write' | 'read', topic: string): unknown {
  const code = codeOf(thrown);
  if (typeof code !== 'number' || code < FIRST_REASON) return thrown;
  const why = REFUSED_LOGIN.has(code) ? '' : ` (${sentenceOf(thrown)})`;
  const sentence = `The MQTT broker does not let this user ${verb} ${topic}${why}. Allow it in its access list.`;
  return new GlimpserError('broker-refused-topic', sentence, { cause: thrown });
}

function isHangUp(thrown: unknown): boolean {
  return sentenceOf(thrown) === 'closed before the broker answered' || codeOf(thrown) === 'ECONNRESET';
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}

function whyOf(thrown: unknown): string {
  const code = codeOf(thrown);
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unknown host';
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'no route to it';
  return sentenceOf(thrown) || String(code ?? 'unknown reason');
}
