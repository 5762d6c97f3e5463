/** Compares pictures in a thread of its own, one pair after the other; the thread ends when nothing was asked for a while. */
import { Worker } from 'node:worker_threads';
import type { Clock } from './clock.ts';
import { ERROR_CODES, type ErrorCode, GlimpserError } from './errors.ts';
import type { PictureDiff } from './picture-diff.ts';
import type { Box } from './picture-diff-regions.ts';
import type { DiffAnswer } from './picture-diff-worker.ts';
import { Turns } from './turns.ts';

/** A pair of the largest pictures takes some seconds on a slow machine; what takes longer hangs. */
const JOB_MS = 60_000;
/** A thread holds some 30 MiB. */
const IDLE_MS = 60_000;
const WORKER = new URL('./picture-diff-worker.ts', import.meta.url);

/** What compares pictures. */
export interface PictureDiffer {
  /** Like diffPictures. Throws `timed-out` after a minute, and `not-ready` when it was closed meanwhile. */
  diff(before: Buffer, after: Buffer, ignore: readonly Box[]): Promise<PictureDiff>;
}

/** Pictures are compared beside the event loop. */
export class DiffThread implements PictureDiffer, AsyncDisposable {
  readonly #clock: Clock;
  readonly #script: URL;
  readonly #turns = new Turns(1);
  readonly #closing = new AbortController();
  #worker: Worker | undefined;
  #idle: Disposable | undefined;

  /** Another script is for tests. */
  constructor(clock: Clock, script: URL = WORKER) {
    this.#clock = clock;
    this.#script = script;
  }

  /** Whether the thread runs. */
  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  async diff(before: Buffer, after: Buffer, ignore: readonly Box[]): Promise<PictureDiff> {
    using _turn = await this.#turns.take(this.#closing.signal);
    this.#idle?.[Symbol.dispose]();
    const answer = await this.#ask(before, after, ignore);
    // A thread that is being ended may still answer that it failed: that is no fault of the pictures.
    this.#closing.signal.throwIfAborted();
    this.#idle = this.#clock.after(IDLE_MS, () => void this.#end());
    if ('diff' in answer) return answer.diff;
    throw new GlimpserError(codeOf(answer.code), answer.message);
  }

  async #ask(before: Buffer, after: Buffer, ignore: readonly Box[]): Promise<DiffAnswer> {
    const worker = this.#running();
    const { promise, resolve, reject } = Promise.withResolvers<DiffAnswer>();
    const failed = (code: ErrorCode, sentence: string, cause?: unknown) =>
      reject(this.#closing.signal.aborted ? stopping() : new GlimpserError(code, sentence, { cause }));
    const ended = () =>
      failed(
        'internal',
        'Comparing two pictures ended in the middle. It is tried again with the next picture.',
      );
    const broke = (thrown: unknown) => failed('internal', 'Two pictures could not be compared.', thrown);
    worker.once('message', resolve).once('error', broke).once('exit', ended);
    using _deadline = this.#clock.after(JOB_MS, () => {
      failed(
        'timed-out',
        'Comparing two pictures took longer than a minute. Take smaller pictures of the page.',
      );
      void this.#end();
    });
    // Copies: a picture may be a piece of a larger buffer, and others still read it.
    const job = { before: new Uint8Array(before), after: new Uint8Array(after), ignore };
    worker.postMessage(job, [job.before.buffer, job.after.buffer]);
    try {
      return await promise;
    } finally {
      worker.off('message', resolve).off('error', broke).off('exit', ended);
    }
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.#script, { resourceLimits: { maxOldGenerationSizeMb: 256 } });
    // A thread that broke is replaced with the next job; whoever waits is told by listeners of his own.
    worker.on('error', () => this.#forget(worker)).on('exit', () => this.#forget(worker));
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #forget(worker: Worker): void {
    if (this.#worker === worker) this.#worker = undefined;
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(stopping());
    this.#idle?.[Symbol.dispose]();
    await this.#end();
  }
}

function stopping(): GlimpserError {
  return new GlimpserError('not-ready', 'The hub is stopping.');
}

function codeOf(code: string): ErrorCode {
  return code in ERROR_CODES ? (code as ErrorCode) : 'internal';
}
