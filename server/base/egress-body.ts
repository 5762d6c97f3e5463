/** The body of an answer, held to a size, with failures in words. */
import { pipeline, type Readable, Transform, type TransformCallback } from 'node:stream';
import { connectionFailure } from './egress-failure.ts';
import { type ErrorCode, GlimpserError } from './errors.ts';

/** How a body is bounded. */
export interface BodyBound {
  /** Host and port, for sentences. */
  where: string;
  maxBytes: number | undefined;
  tooLargeCode: ErrorCode | undefined;
}

/** Passes bytes on until there are too many. */
export class BoundedBody extends Transform {
  readonly #bound: BodyBound;
  #bytes = 0;

  private constructor(bound: BodyBound) {
    super();
    this.#bound = bound;
  }

  /** Wraps a body. Destroying the result, or leaving its `for await`, closes the connection. */
  static of(body: Readable, announced: string | string[] | undefined, bound: BodyBound): Readable {
    const bytes = Number(announced);
    if (bound.maxBytes !== undefined && bytes > bound.maxBytes) {
      body.on('error', () => undefined).destroy();
      throw tooLarge(bound);
    }
    const bounded = new BoundedBody(bound);
    pipeline(body, bounded, () => undefined);
    return bounded;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#bytes += chunk.length;
    const { maxBytes } = this.#bound;
    if (maxBytes !== undefined && this.#bytes > maxBytes) done(tooLarge(this.#bound));
    else done(null, chunk);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    super._destroy(error && connectionFailure(error, this.#bound.where), done);
  }
}

function tooLarge({ where, maxBytes = 0, tooLargeCode = 'body-too-large' }: BodyBound): GlimpserError {
  const sentence = `${where} sends more than ${Math.round(maxBytes / 1000)} kB, so the answer was not read.`;
  return new GlimpserError(tooLargeCode, sentence);
}
