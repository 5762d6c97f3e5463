/** Supervised child processes: own group, an orderly end, the last lines of stderr kept, never a zombie. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Clock, systemClock } from './clock.ts';
import { asGlimpserError, GlimpserError } from './errors.ts';
import { redact } from './redact.ts';

const KEPT_LINES = 100;
const LINE_CHARACTERS = 500;
const GRACE_MS = 5000;

/** How a child ended. */
export interface ChildEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** True when we asked it to end: then any exit code is fine. */
  wasStopped: boolean;
}

/** How a child is started. */
export interface ChildOptions {
  /** Ends the child when it fires. */
  signal?: AbortSignal;
  /** How many pipes to open beside the three usual ones, from file descriptor 3. */
  extraPipes?: number;
  /** Told of every line of stderr, credentials redacted. */
  onLine?: (line: string) => void;
  env?: Record<string, string>;
  clock?: Clock;
}

/** A running child process. */
export interface Child extends AsyncDisposable {
  readonly pid: number | undefined;
  readonly stdout: Readable;
  /** The extra pipes, in order of their file descriptors. */
  readonly pipes: readonly Readable[];
  /** The last 100 lines of stderr, oldest first, credentials redacted. */
  readonly lastLines: readonly string[];
  /** Resolves when it has ended and was reaped. Rejects with `program-failed` when it could not be started. */
  readonly exited: Promise<ChildEnd>;
  /** SIGTERM to the whole group, SIGKILL after 5 s; resolves when it has ended. */
  stop(): Promise<void>;
}

/** Starts a program without a shell. */
export function startChild(file: string, args: readonly string[], options: ChildOptions = {}): Child {
  const pipes = Array.from({ length: options.extraPipes ?? 0 }, () => 'pipe' as const);
  const spawned = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe', ...pipes],
    detached: true,
    env: { ...process.env, ...options.env },
  });
  return new SupervisedChild(spawned, file, options);
}

class SupervisedChild implements Child {
  readonly exited: Promise<ChildEnd>;
  readonly lastLines: string[] = [];
  readonly #process: ChildProcess;
  readonly #clock: Clock;
  #wasStopped = false;
  #hasEnded = false;

  constructor(spawned: ChildProcess, file: string, options: ChildOptions) {
    this.#process = spawned;
    this.#clock = options.clock ?? systemClock;
    this.exited = this.#ending(file);
    this.exited.catch(() => undefined);
    this.#keepLines(options.onLine);
    const abort = () => void this.stop();
    if (options.signal?.aborted) abort();
    options.signal?.addEventListener('abort', abort, { once: true });
    void this.exited.catch(() => undefined).then(() => options.signal?.removeEventListener('abort', abort));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get stdout(): Readable {
    return this.#process.stdout as Readable;
  }

  get pipes(): readonly Readable[] {
    return this.#process.stdio.slice(3) as Readable[];
  }

  async stop(): Promise<void> {
    this.#wasStopped = true;
    this.#kill('SIGTERM');
    using _force = this.#clock.after(GRACE_MS, () => this.#kill('SIGKILL'));
    await this.exited.catch(() => undefined);
    // What the child left behind in its group goes too.
    this.#kill('SIGKILL');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #ending(file: string): Promise<ChildEnd> {
    const { promise, resolve, reject } = Promise.withResolvers<ChildEnd>();
    this.#process.once('error', thrown => {
      this.#hasEnded = true;
      reject(asGlimpserError(thrown, 'program-failed', `${file} could not be started: ${thrown.message}.`));
    });
    this.#process.once('close', (code, signal) => {
      this.#hasEnded = true;
      resolve({ code, signal, wasStopped: this.#wasStopped });
    });
    return promise;
  }

  #keepLines(onLine: ((line: string) => void) | undefined): void {
    if (!this.#process.stderr) return;
    createInterface({ input: this.#process.stderr, crlfDelay: Number.POSITIVE_INFINITY }).on('line', text => {
      const line = redact(text.slice(0, LINE_CHARACTERS));
      this.lastLines.push(line);
      if (this.lastLines.length > KEPT_LINES) this.lastLines.shift();
      onLine?.(line);
    });
  }

  /** Signals the whole group: FFmpeg and browsers have children of their own. */
  #kill(signal: NodeJS.Signals): void {
    if (this.#process.pid === undefined) return;
    try {
      process.kill(-this.#process.pid, signal);
    } catch (thrown) {
      const isGone = thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH';
      if (!isGone && !this.#hasEnded)
        throw new GlimpserError('program-failed', `Signal ${signal} failed.`, { cause: thrown });
    }
  }
}
