/** Starts one headless browser with a profile of its own, without secrets in its environment and with its sandbox. */
import { rmSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import type { CDPSession, Browser as PuppeteerBrowser } from 'puppeteer-core';
import { browserFlags } from './browser-flags.ts';
import { BrowserPipe } from './browser-pipe.ts';
import { type Child, startChild } from './child.ts';
import type { Clock } from './clock.ts';
import { GlimpserError, sentenceOf } from './errors.ts';

/** A running browser. */
export interface LaunchedBrowser extends AsyncDisposable {
  puppeteer: PuppeteerBrowser;
  /** Speaks to the browser itself; what it sets (permissions) lasts as long as it stays open. */
  session: CDPSession;
  pid: number | undefined;
  /** Name and version, such as `Chrome/156.0.0.0`. */
  version: string;
  /** What pages are told, without the word that gives the headless mode away. */
  userAgent: string;
  /** Ends it at once. */
  kill(): void;
}

/** How it is started. */
export interface LaunchOptions {
  path: string;
  isSandboxed: boolean;
  clock: Clock;
}

const LAUNCH_MS = 30_000;
const CLOSE_MS = 5000;
const PROTOCOL_MS = 120_000;

const CONTAINER = 'or set CHROMIUM_NO_SANDBOX=1 if this is a container whose walls are enough.';
/** Chromium gives up its sandbox when it runs as root; a hub that runs as root starts it as nobody. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const SANDBOX_SENTENCE = `Chromium cannot build its sandbox here. Allow user namespaces (in Docker: the seccomp profile that comes with the hub), ${CONTAINER}`;

/** Starts the browser. Throws `browser-failed` with what to do. */
export async function launchBrowser({ path, isSandboxed, clock }: LaunchOptions): Promise<LaunchedBrowser> {
  const as = isSandboxed && process.getuid?.() === 0 ? NOBODY : undefined;
  const home = await openHome();
  try {
    // Shared memory lies in TMPDIR, which need not be open to another user; here it goes with the browser.
    const env = { HOME: home.path, TMPDIR: home.path, XDG_CONFIG_HOME: home.path, XDG_CACHE_HOME: home.path };
    if (as) await chown(home.path, as.uid, as.gid);
    const flags = browserFlags(path, home.path, isSandboxed);
    const child = startChild(path, flags, { extraPipes: 2, env, ...(as ? { as } : {}) });
    child.stdout.resume();
    return await connected(child, home, clock);
  } catch (cause) {
    await home[Symbol.asyncDispose]();
    throw new GlimpserError('browser-failed', launchSentence(sentenceOf(cause)), { cause });
  }
}

async function connected(child: Child, home: Home, clock: Clock): Promise<LaunchedBrowser> {
  const state = { hasExited: false };
  const kill = () => {
    if (!state.hasExited) killGroup(child.pid);
  };
  const early = child.exited.then(() => {
    state.hasExited = true;
    throw new Error(reasonOf(child.lastLines));
  });
  early.catch(() => undefined);
  const begin = async () => {
    const [write, read] = child.pipes;
    if (!(write instanceof Duplex) || !read) throw new TypeError('The browser got no pipes.');
    const transport = new BrowserPipe(write, read);
    const options = { transport, defaultViewport: null, protocolTimeout: PROTOCOL_MS };
    const { connect } = await import('puppeteer-core');
    return described(await connect(options), child, home, clock, kill);
  };
  using _late = clock.after(LAUNCH_MS, kill);
  const begun = begin();
  begun.catch(() => undefined);
  try {
    return await Promise.race([begun, early]);
  } catch (thrown) {
    kill();
    await child.exited.catch(() => undefined);
    // A broken pipe is only how an early end shows; the last lines say why it ended.
    throw thrown instanceof TypeError ? thrown : await early.catch((reason: unknown) => reason);
  }
}

async function described(
  puppeteer: PuppeteerBrowser,
  child: Child,
  home: Home,
  clock: Clock,
  kill: () => void,
): Promise<LaunchedBrowser> {
  const session = await puppeteer.target().createCDPSession();
  const version = await puppeteer.version();
  const userAgent = await puppeteer.userAgent();
  return {
    puppeteer,
    session,
    pid: child.pid,
    version: version.replace('Headless', ''),
    userAgent: userAgent.replace('HeadlessChrome', 'Chrome'),
    kill,
    async [Symbol.asyncDispose]() {
      using _guard = clock.after(CLOSE_MS, kill);
      // A browser that crashed before has nothing left to close.
      await puppeteer.close().catch(() => undefined);
      await child.exited.catch(() => undefined);
      await home[Symbol.asyncDispose]();
    },
  };
}

interface Home extends AsyncDisposable {
  path: string;
}

/** A folder for one browser, gone when the browser is, also when the hub ends in a hurry. */
async function openHome(): Promise<Home> {
  const path = await mkdtemp(join(tmpdir(), 'glimpser-browser-'));
  const forget = () => rmSync(path, { recursive: true, force: true });
  process.once('exit', forget);
  return {
    path,
    async [Symbol.asyncDispose]() {
      process.off('exit', forget);
      await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** The browser leads a group of its own; its renderers and a wrapper script belong to it. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH')) throw thrown;
  }
}

/** What the browser said last is rarely the reason; the line that speaks of an error is. */
function reasonOf(lines: readonly string[]): string {
  const telling = lines.filter(line => /sandbox|fatal|error/i.test(line));
  return telling.at(-1) ?? lines.at(-1) ?? 'it ended at once and said nothing.';
}

function launchSentence(reason: string): string {
  if (/sandbox/i.test(reason)) return SANDBOX_SENTENCE;
  return `The browser did not start: ${reason.slice(0, 300)}`;
}
