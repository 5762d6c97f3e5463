/** Supervised child processes: own group, an orderly end, the last lines of stderr kept, never a zombie. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { type ChildLimits, limited } from './child-limits.ts';
import { type Clock, systemClock } from './clock.ts';
import { asGlimpserError, sentenceOf } from './errors.ts';
import { LineRing } from './line-ring.ts';

const GRACE_MS = 5000;
/** How long stderr may stay open after the end: a runaway grandchild may hold it for ever. */
const LAST_WORDS_MS = 1000;
/** What a program needs of our environment. The rest, secrets among it, is none of its business. */
const PASSED_ON =
  /^(PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|TZ|TMPDIR|LD_LIBRARY_PATH|LIBVA_.+|LC_.+|XDG_.+|FONTCONFIG_.+|SSL_CERT_.+)$/;

/** How a child ended. */
export interface ChildEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** True when we asked it to end: then any exit code is fine. */
  wasStopped: boolean;
}

/** How a child is started. */
export interface ChildOptions extends ChildLimits {
  /** Ends the child when it fires. */
  signal?: AbortSignal;
  /** Opens a pipe to its standard input; without, it reads nothing. */
  hasInput?: boolean;
  /** How many pipes to open beside the three usual ones, from file descriptor 3. */
  extraPipes?: number;
  /** Told of every line of stderr, credentials redacted. */
  onLine?: (line: string) => void;
  /** Added to the few variables that are passed on. */
  env?: Record<string, string>;
  /** Runs it as another user; only root can. */
  as?: { uid: number; gid: number };
  clock?: Clock;
  /** Told of the child once it was started, by those who keep count. */
  onStart?: (child: Child) => void;
}

/** A running child process. */
export interface Child extends AsyncDisposable {
  readonly pid: number | undefined;
  readonly stdout: Readable;
  /** Its standard input; undefined unless it was asked for. What cannot be written is dropped: a child may end first. */
  readonly stdin: Writable | undefined;
  /** The extra pipes, in order of their file descriptors. */
  readonly pipes: readonly Readable[];
  /** The last 100 lines of stderr, oldest first, credentials redacted. */
  readonly lastLines: readonly string[];
  /** Resolves when it has ended and was reaped. Rejects with `program-failed` when it could not be started. */
  readonly exited: Promise<ChildEnd>;
  /** SIGTERM to the whole group, SIGKILL after 5 s; resolves when it has ended. */
  stop(): Promise<void>;
}

/** Starts a program without a shell. Throws `program-failed` for arguments that no program can be given. */
export function startChild(file: string, args: readonly string[], options: ChildOptions = {}): Child {
  const pipes = Array.from({ length: options.extraPipes ?? 0 }, () => 'pipe' as const);
  try {
    const command = limited({ file, args }, options);
    const spawned = spawn(command.file, command.args, {
      stdio: [options.hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe', ...pipes],
      detached: true,
      ...options.as,
      env: { ...passedOn(process.env), ...options.env },
    });
    const child = new SupervisedChild(spawned, file, options);
    options.onStart?.(child);
    return child;
  } catch (thrown) {
    throw notStarted(file, thrown);
  }
}

class SupervisedChild implements Child {
  readonly exited: Promise<ChildEnd>;
  readonly #process: ChildProcess;
  readonly #clock: Clock;
  readonly #ring: LineRing;
  #wasStopped = false;
  #hasEnded = false;

  constructor(spawned: ChildProcess, file: string, { signal, onLine, clock = systemClock }: ChildOptions) {
    this.#process = spawned;
    this.#clock = clock;
    this.#ring = new LineRing(onLine);
    orphans.add(this);
    spawned.stdin?.on('error', () => spawned.stdin?.destroy());
    const abort = () => void this.stop();
    this.exited = this.#end(file).finally(() => {
      orphans.delete(this);
      signal?.removeEventListener('abort', abort);
    });
    this.exited.catch(() => undefined);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get stdout(): Readable {
    return this.#process.stdout as Readable;
  }

  get stdin(): Writable | undefined {
    return this.#process.stdin ?? undefined;
  }

  get pipes(): readonly Readable[] {
    return this.#process.stdio.slice(3) as Readable[];
  }

  get lastLines(): readonly string[] {
    return this.#ring.lines;
  }

  async stop(): Promise<void> {
    if (!this.#hasEnded) {
      this.#wasStopped = true;
      this.signal('SIGTERM');
    }
    using _force = this.#clock.after(GRACE_MS, () => this.signal('SIGKILL'));
    await this.exited.catch(() => undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Signals the whole group, unless it has ended: its number may belong to somebody else by then. */
  signal(name: NodeJS.Signals): void {
    if (this.#process.pid === undefined || this.#hasEnded) return;
    try {
      process.kill(-this.#process.pid, name);
    } catch {
      // Nobody of the group is left; the end is on its way.
      this.#process.kill(name);
    }
  }

  /** Waits for the end and for the last line of stderr, which explains it. */
  async #end(file: string): Promise<ChildEnd> {
    const lines = this.#readLines();
    const exit = Promise.withResolvers<ChildEnd>();
    this.#process.on('error', thrown => exit.reject(notStarted(file, thrown)));
    this.#process.once('exit', (code, signal) => {
      // What it left behind in its group goes too.
      this.signal('SIGKILL');
      this.#hasEnded = true;
      exit.resolve({ code, signal, wasStopped: this.#wasStopped });
    });
    try {
      return await exit.promise;
    } finally {
      this.#hasEnded = true;
      using _late = this.#clock.after(LAST_WORDS_MS, () => this.#process.stderr?.destroy());
      await lines;
    }
  }

  #readLines(): Promise<void> {
    const { stderr } = this.#process;
    if (!stderr) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    stderr.setEncoding('utf8').on('data', (text: string) => this.#ring.feed(text));
    stderr.once('end', () => this.#ring.end());
    stderr.on('error', () => stderr.destroy()).once('close', resolve);
    return promise;
  }
}

/** Children that run now. A hub that ends in a hurry takes them along. */
const orphans = new Set<SupervisedChild>();
process.once('exit', () => {
  for (const child of orphans) child.signal('SIGKILL');
});

function passedOn(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => PASSED_ON.test(name)));
}

function notStarted(file: string, thrown: unknown): Error {
  return asGlimpserError(thrown, 'program-failed', `${file} could not be started: ${sentenceOf(thrown)}.`);
}
