/** Says in a sentence why a connection failed, for the fetch and the proxy of the egress guard alike. */
import { type ErrorCode, GlimpserError, isAbort, sentenceOf } from './errors.ts';

type Reason = readonly [code: ErrorCode, sentence: string];

const REASONS: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: ['source-unreachable', 'refuses connections. Check the port, and that it is switched on.'],
  EHOSTUNREACH: ['source-unreachable', 'cannot be reached. Check that it is on and on this network.'],
  ENETUNREACH: ['source-unreachable', 'cannot be reached: there is no route to its network.'],
  ETIMEDOUT: ['source-unreachable', 'does not answer. Check the address, and that it is switched on.'],
  UND_ERR_CONNECT_TIMEOUT: [
    'source-unreachable',
    'does not answer. Check the address, and that it is switched on.',
  ],
  UND_ERR_HEADERS_TIMEOUT: ['source-silent', 'accepts the connection but does not answer.'],
  UND_ERR_BODY_TIMEOUT: ['source-silent', 'stopped sending in the middle of an answer.'],
  UND_ERR_HEADERS_OVERFLOW: ['source-broken', 'sends an answer whose headers never end.'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['source-ended', 'ended its answer before it was complete.'],
  UND_ERR_SOCKET: ['source-ended', 'closed the connection.'],
  ECONNRESET: ['source-ended', 'closed the connection.'],
  EPIPE: ['source-ended', 'closed the connection.'],
};

/** Our error for what a connection to `where` (host:port) threw; aborts and ours pass through. */
export function connectionFailure(thrown: unknown, where: string): Error {
  if (thrown instanceof GlimpserError || (thrown instanceof Error && isAbort(thrown))) return thrown;
  const code = codeOf(thrown);
  const known = REASONS[code];
  if (known) return new GlimpserError(known[0], `${where} ${known[1]}`, { cause: thrown });
  if (isTls(code)) {
    return new GlimpserError(
      'source-unreachable',
      `${where} shows a certificate that cannot be trusted (${sentenceOf(thrown)}).`,
      { cause: thrown },
    );
  }
  if (code.startsWith('HPE_') || (thrown instanceof Error && thrown.name === 'HTTPParserError')) {
    return new GlimpserError('source-broken', `${where} does not answer as HTTP does.`, { cause: thrown });
  }
  return new GlimpserError('source-unreachable', `${where} cannot be read: ${sentenceOf(thrown)}`, {
    cause: thrown,
  });
}

function codeOf(thrown: unknown): string {
  if (thrown instanceof AggregateError) return codeOf(thrown.errors[0]);
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}

function isTls(code: string): boolean {
  return /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH)/.test(code);
}
