/** Failures as RFC 9457 problem documents: what was thrown becomes a status, a code and a sentence. */
import type { Response } from 'express';
import { z } from 'zod';
import { asGlimpserError, ERROR_CODES, GlimpserError, sentenceOf } from '#base/errors.ts';
import { redact } from '#base/redact.ts';

/** A problem as clients see it. */
export const problemSchema = z
  .strictObject({
    type: z.string().describe('A name of the problem that never changes'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('What failed and what to do, for people'),
    code: z.string().describe('The code of the manual’s table'),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).describe('Per field'),
    requestId: z.string().describe('The log has more under this id'),
  })
  .meta({ id: 'Problem' });

/** A problem as clients see it. */
export type Problem = z.output<typeof problemSchema>;

/** What went wrong, as one of ours. What Express and its body reader throw is translated. */
export function readFailure(thrown: unknown): GlimpserError {
  if (thrown instanceof GlimpserError) return thrown;
  const { type, status, limit } = (thrown ?? {}) as { type?: unknown; status?: unknown; limit?: unknown };
  if (type === 'entity.too.large') {
    const sentence = `The body may have ${Number(limit) / 1e6} MB. Send less.`;
    return new GlimpserError('body-too-large', sentence, { cause: thrown });
  }
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new GlimpserError('body-unreadable', `The request cannot be read: ${sentenceOf(thrown)}.`, {
      cause: thrown,
    });
  return asGlimpserError(thrown);
}

/** The document of a failure. What is our own mistake stays in the log. */
export function problemOf(error: GlimpserError, requestId: string): Problem {
  const { status, title } = ERROR_CODES[error.code];
  const detail =
    error.code === 'internal'
      ? `Something went wrong inside the hub. The log has the details under ${requestId}.`
      : redact(error.message);
  return {
    type: `urn:glimpser:problem:${error.code}`,
    title,
    status,
    detail,
    code: error.code,
    errors: error.errors,
    requestId,
  };
}

/** Sends the document, or ends the connection when the answer has begun already. */
export function sendProblem(response: Response, error: GlimpserError, requestId: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const problem = problemOf(error, requestId);
  if (error.retryAfterMs !== undefined)
    response.set('Retry-After', String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
  response.set('Cache-Control', 'no-store').status(problem.status);
  response.type('application/problem+json').send(JSON.stringify(problem));
}
