/** The browser: one process for all pages, started at the first, closed when idle, started again after a crash. */
import type { Page } from 'puppeteer-core';
import { browserMissing, findBrowser } from './browser-find.ts';
import { type LaunchedBrowser, launchBrowser } from './browser-launch.ts';
import { CLOSED_EARLY, type PageOptions, type PageRun, runPage } from './browser-page.ts';
import type { Clock } from './clock.ts';
import type { Egress } from './egress.ts';
import { asGlimpserError, GlimpserError } from './errors.ts';
import type { Log } from './log.ts';
import { waits } from './retry.ts';
import { Turns } from './turns.ts';

/** How the browser stands. */
export interface BrowserStatus {
  path: string | undefined;
  isRunning: boolean;
  /** Of the browser's main process while it runs. */
  pid: number | undefined;
  /** Pages that are open now. */
  jobs: number;
  /** Jobs that wait for their turn. */
  waiting: number;
  /** Crashes and failed starts since the hub started. */
  crashes: number;
  isSandboxed: boolean;
  /** Of the last browser that ran. */
  version: string | undefined;
}

/** Opens pages, each in a context of its own that is closed whatever happens. */
export interface Browser extends AsyncDisposable {
  /**
   * Runs a job on a fresh page.
   * Throws what the job throws, `browser-missing`, `browser-failed`, or `timed-out` after `options.timeoutMs`.
   */
  withPage<T>(
    options: PageOptions,
    signal: AbortSignal,
    job: (page: Page, run: PageRun) => Promise<T>,
  ): Promise<T>;
  /** Undefined when none is installed. */
  readonly path: string | undefined;
  status(): BrowserStatus;
}

/** How the browser is made. */
export interface BrowserOptions {
  /** A program to use instead of the one in PATH. */
  path?: string | undefined;
  isSandboxed: boolean;
  egress: Egress;
  clock: Clock;
  log: Log;
  /** Most pages at once. */
  maxJobs?: number;
  /** Where programs are searched; PATH when unset. */
  searchPath?: string;
}

const IDLE_MS = 5 * 60_000;
const MAX_JOBS = 2;
/** A job waits this long for a crashed browser to be started again; longer waits fail it at once. */
const PATIENCE_MS = 5000;

/** Makes the hub's browser; nothing is started yet. */
export function createBrowser(options: BrowserOptions): Browser {
  return new SharedBrowser(options);
}

class SharedBrowser implements Browser {
  readonly #options: BrowserOptions;
  readonly #log: Log;
  readonly #turns: Turns;
  #found: string | undefined;
  #launch: Promise<LaunchedBrowser> | undefined;
  #running: LaunchedBrowser | undefined;
  #idle: Disposable | undefined;
  #waits = waits();
  #startsAt = 0;
  #crashes = 0;
  #version: string | undefined;
  #isClosed = false;
  #closing: Promise<void> = Promise.resolve();

  constructor(options: BrowserOptions) {
    this.#options = options;
    this.#log = options.log.part('browser');
    this.#turns = new Turns(options.maxJobs ?? MAX_JOBS);
  }

  get path(): string | undefined {
    this.#found ??= findBrowser(this.#options.path, this.#options.searchPath);
    return this.#found;
  }

  status(): BrowserStatus {
    return {
      path: this.path,
      isRunning: this.#running !== undefined,
      pid: this.#running?.pid,
      jobs: this.#turns.taken,
      waiting: this.#turns.waiting,
      crashes: this.#crashes,
      isSandboxed: this.#options.isSandboxed,
      version: this.#version,
    };
  }

  async withPage<T>(
    options: PageOptions,
    signal: AbortSignal,
    job: (page: Page, run: PageRun) => Promise<T>,
  ): Promise<T> {
    if (this.path === undefined) throw browserMissing(this.#options.path);
    using _turn = await this.#turns.take(signal);
    this.#idle?.[Symbol.dispose]();
    try {
      await this.#waitToStart(signal);
      const browser = await this.#started();
      const answer = await runPage({ browser, ...this.#options }, options, signal, job);
      this.#waits = waits();
      return answer;
    } finally {
      if (this.#turns.taken === 1 && this.#turns.waiting === 0) this.#closeWhenIdle();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#idle?.[Symbol.dispose]();
    await this.#launch?.catch(() => undefined);
    this.#close();
    await this.#closing;
  }

  async #waitToStart(signal: AbortSignal): Promise<void> {
    if (this.#running) return;
    const waitMs = this.#startsAt - this.#options.clock.monotonic();
    if (waitMs > PATIENCE_MS) {
      throw new GlimpserError(
        'browser-failed',
        `The browser stopped working and is started again in ${Math.ceil(waitMs / 1000)} s.`,
        { retryAfterMs: waitMs },
      );
    }
    if (waitMs > 0) await this.#options.clock.sleep(waitMs, signal);
  }

  #started(): Promise<LaunchedBrowser> {
    if (this.#isClosed) throw new GlimpserError('browser-failed', CLOSED_EARLY);
    this.#launch ??= this.#start();
    return this.#launch;
  }

  async #start(): Promise<LaunchedBrowser> {
    const { isSandboxed, clock } = this.#options;
    try {
      await this.#closing;
      const browser = await launchBrowser({ path: this.path ?? '', isSandboxed, clock });
      browser.puppeteer.once('disconnected', () => this.#ended(browser));
      this.#running = browser;
      this.#version = browser.version;
      this.#log.info('browser started', { version: browser.version, isSandboxed });
      return browser;
    } catch (thrown) {
      this.#launch = undefined;
      this.#found = undefined;
      this.#countCrash('browser did not start', thrown);
      throw asGlimpserError(thrown, 'browser-failed');
    }
  }

  /** Called for a crash; a browser that we close ourselves is forgotten before. */
  #ended(browser: LaunchedBrowser): void {
    if (this.#running !== browser) return;
    this.#close();
    this.#countCrash('browser stopped by itself', undefined);
  }

  #countCrash(message: string, error: unknown): void {
    this.#crashes++;
    this.#startsAt = this.#options.clock.monotonic() + this.#waits.next().value;
    this.#log.warning(message, { error, crashes: this.#crashes });
  }

  #closeWhenIdle(): void {
    if (!this.#running || this.#isClosed) return;
    this.#idle = this.#options.clock.after(IDLE_MS, () => this.#close());
  }

  #close(): void {
    const browser = this.#running;
    this.#running = undefined;
    this.#launch = undefined;
    if (!browser) return;
    this.#closing = this.#closed(browser);
  }

  async #closed(browser: LaunchedBrowser): Promise<void> {
    try {
      await browser[Symbol.asyncDispose]();
    } catch (error) {
      this.#log.warning('browser did not close cleanly', { error });
    }
  }
}
