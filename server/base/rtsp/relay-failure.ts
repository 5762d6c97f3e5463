/** What a relay says of an answer that it cannot go on with. */
import { type ErrorCode, GlimpserError, sentenceOf } from '#base/errors.ts';
import { seeingRefused } from '#base/http-login.ts';

type Reason = readonly [code: ErrorCode, sentence: string];

const REASONS: Readonly<Record<number, Reason>> = {
  404: [
    'source-unreachable',
    'answers, but has no stream at this path (404). Look up the path in its manual.',
  ],
  453: ['source-broken', 'has too many viewers for its bandwidth (453). End one, or restart it.'],
  461: ['source-broken', 'does not speak this transport. Choose the other one, TCP or UDP.'],
};

/** The error for a final status that is neither success nor redirect. `name` starts the sentence. */
export function statusFailure(name: string, status: number, hasLogin: boolean): GlimpserError {
  if (status === 403) return seeingRefused(name, hasLogin);
  const [code, sentence] = REASONS[status] ?? other(status);
  return new GlimpserError(code, `${name} ${sentence}`);
}

function other(status: number): Reason {
  if (status >= 500) {
    return [
      'source-broken',
      `answers that it cannot serve the stream now (${status}). It may have too many viewers; restart it if this goes on.`,
    ];
  }
  return ['source-broken', `refuses the request for its stream (${status}). Check the path of its address.`];
}

/** The error for bytes that cannot be read. */
export function unreadable(name: string, cause: unknown): GlimpserError {
  const isLarge = cause instanceof GlimpserError && cause.code === 'body-too-large';
  const what = isLarge ? 'sends an answer that is too large' : 'does not answer as RTSP does';
  const sentence = `${name} ${what}: ${sentenceOf(cause)} Check its address and port.`;
  return new GlimpserError('source-broken', sentence, { cause });
}

/** The error for a connection that the other side ended. */
export function hungUp(name: string, cause?: unknown): GlimpserError {
  const sentence = `${name} closed the connection. Check its address; restart it if this goes on.`;
  return new GlimpserError('source-ended', sentence, { cause });
}

/** The error for a request that is not answered. */
export function unanswered(name: string): GlimpserError {
  return new GlimpserError(
    'source-silent',
    `${name} accepts the connection but does not answer. Restart it, or check its address and port.`,
  );
}
