/** One job on one page: a context of its own, behind a proxy of its own, ended in time and closed in every case. */
import type { BrowserContext, Page } from 'puppeteer-core';
import type { LaunchedBrowser } from './browser-launch.ts';
import type { Clock } from './clock.ts';
import type { Egress, EgressRules } from './egress.ts';
import type { EgressProxy } from './egress-proxy.ts';
import { GlimpserError } from './errors.ts';

/** What a page is like. */
export interface PageOptions {
  /** In CSS pixels. */
  width: number;
  height: number;
  /** Device pixels per CSS pixel. */
  scale: number;
  /** What the page and everything in it may open. */
  rules: EgressRules;
  /** The whole job, without the wait for its turn. */
  timeoutMs: number;
  isDark?: boolean;
  userAgent?: string | undefined;
  /** False opens pages whose certificate cannot be checked. */
  isCertificateChecked?: boolean;
}

/** What a job knows besides its page. */
export interface PageRun {
  /** Why the network refused `host:port`, if it did. */
  failureOf(place: string): GlimpserError | undefined;
  /** Milliseconds until the job is ended. */
  leftMs(): number;
}

/** What a job runs in. */
export interface PageHost {
  browser: LaunchedBrowser;
  egress: Egress;
  clock: Clock;
}

/** Why a job fails whose browser went away under it. */
export const CLOSED_EARLY =
  'The browser stopped working while it loaded the page. The next try starts a fresh one.';

const CLOSE_MS = 5000;

/** Runs a job. Throws what it throws, `timed-out`, `browser-failed`, or the signal's reason. */
export async function runPage<T>(
  host: PageHost,
  options: PageOptions,
  signal: AbortSignal,
  job: (page: Page, run: PageRun) => Promise<T>,
): Promise<T> {
  const { browser, clock } = host;
  await using proxy = await host.egress.openProxy(options.rules);
  using ending = endOf(host, options, signal);
  const endsAt = clock.monotonic() + options.timeoutMs;
  const opened = openContext(browser, proxy);
  const work = async () => {
    const page = await openPage(await opened, browser, options);
    page.on('error', () =>
      ending.fail(new GlimpserError('browser-failed', 'The page crashed its browser tab.')),
    );
    return job(page, {
      failureOf: place => proxy.failureOf(place),
      leftMs: () => Math.max(1, endsAt - clock.monotonic()),
    });
  };
  const answer = work();
  // After the end was decided elsewhere the job's own failure has nobody to hear it.
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, ending.promise]);
  } catch (thrown) {
    signal.throwIfAborted();
    throw isGone(thrown, browser)
      ? new GlimpserError('browser-failed', CLOSED_EARLY, { cause: thrown })
      : thrown;
  } finally {
    await closeContext(opened, host);
  }
}

interface Ending extends Disposable {
  promise: Promise<never>;
  fail: (error: unknown) => void;
}

/** Everything that ends a job from outside: its time, its signal, the browser. */
function endOf({ browser, clock }: PageHost, { timeoutMs }: PageOptions, signal: AbortSignal): Ending {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const abort = () => reject(signal.reason);
  const gone = () => reject(new GlimpserError('browser-failed', CLOSED_EARLY));
  const late = clock.after(timeoutMs, () =>
    reject(new GlimpserError('timed-out', `The page was not done after ${Math.round(timeoutMs / 1000)} s.`)),
  );
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  browser.puppeteer.once('disconnected', gone);
  return {
    promise,
    fail: reject,
    [Symbol.dispose]() {
      late[Symbol.dispose]();
      signal.removeEventListener('abort', abort);
      browser.puppeteer.off('disconnected', gone);
    },
  };
}

async function openContext(browser: LaunchedBrowser, proxy: EgressProxy): Promise<BrowserContext> {
  const context = await browser.puppeteer.createBrowserContext({
    proxyServer: proxy.url,
    // Without this, Chromium silently opens loopback addresses around the proxy.
    proxyBypassList: ['<-loopback>'],
    downloadBehavior: { policy: 'deny' },
  });
  // An empty grant refuses everything that a page can ask for.
  const refuseAll = { permissions: [], browserContextId: context.id ?? '' };
  await browser.session.send('Browser.grantPermissions', refuseAll);
  return context;
}

async function openPage(
  context: BrowserContext,
  browser: LaunchedBrowser,
  options: PageOptions,
): Promise<Page> {
  const page = await context.newPage();
  const { width, height, scale } = options;
  page.on('dialog', dialog => {
    const answer = dialog.type() === 'beforeunload' ? dialog.accept() : dialog.dismiss();
    answer.catch(() => undefined);
  });
  await page.evaluateOnNewDocument(() => {
    window.open = () => null;
  });
  // What opens a window in another way is closed at once.
  context.on('targetcreated', target => {
    if (target.type() !== 'page') return;
    const closed = target.page().then(popup => popup?.close());
    closed.catch(() => undefined);
  });
  await page.setViewport({ width, height, deviceScaleFactor: scale });
  await page.setUserAgent({ userAgent: options.userAgent ?? browser.userAgent });
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: options.isDark ? 'dark' : 'light' },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  if (options.isCertificateChecked === false) {
    const session = await page.createCDPSession();
    await session.send('Security.setIgnoreCertificateErrors', { ignore: true });
  }
  return page;
}

/** A context that does not close means a browser that does not listen; it is ended, and started anew. */
async function closeContext(opened: Promise<BrowserContext>, { browser, clock }: PageHost): Promise<void> {
  if (!browser.puppeteer.connected) return;
  using _guard = clock.after(CLOSE_MS, browser.kill);
  await opened.then(context => context.close()).catch(() => undefined);
}

function isGone(thrown: unknown, browser: LaunchedBrowser): boolean {
  if (thrown instanceof GlimpserError) return false;
  const name = thrown instanceof Error ? thrown.name : '';
  return !browser.puppeteer.connected || name === 'TargetCloseError' || name === 'ConnectionClosedError';
}
