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

/** Who said where the broker is and how to log in: people, the Supervisor of Home Assistant, or the hub itself. */
export type AddressGiver = 'MQTT_URL' | 'Supervisor' | 'hub';

/** What to do when the login is wrong, and when nothing answers. */
const ADVICE: Record<AddressGiver, { login: string; reach: string }> = {
  MQTT_URL: {
    login: 'Correct them in MQTT_URL.',
    reach: 'Check that it runs, and host and port in MQTT_URL.',
  },
  Supervisor: {
    login:
      'Home Assistant gave them to the hub. Restart its app “Mosquitto broker”, or set MQTT_URL (the option mqtt_url) to another broker.',
    reach: 'Home Assistant said that it is there. Check that its app “Mosquitto broker” runs.',
  },
  hub: {
    login: 'It is the built-in broker and they are its own. Restart the hub.',
    reach: 'It is the built-in broker. Restart the hub.',
  },
};

/** `broker-refused-login` or `broker-unreachable`; an abort is passed on. */
export function connectFailure(thrown: unknown, address: { url: string; givenBy: AddressGiver }): unknown {
  if (isAbort(thrown)) return thrown;
  const where = address.url;
  const advice = ADVICE[address.givenBy];
  if (REFUSED_LOGIN.has(codeOf(thrown) as number)) {
    return new GlimpserError(
      'broker-refused-login',
      `The MQTT broker at ${where} refused the user name or password. ${advice.login}`,
      { cause: thrown },
    );
  }
  return new GlimpserError(
    'broker-unreachable',
    `The MQTT broker at ${where} does not answer (${whyOf(thrown)}). ${advice.reach}`,
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
