/** The browser as source kinds see it: pages in contexts of their own, each under a deadline. */
import type { Page } from 'puppeteer-core';
import type { EgressRules } from './egress.ts';

/** How a page is opened. */
export interface PageOptions {
  /** What the page and everything in it may open. */
  rules: EgressRules;
  width: number;
  height: number;
  /** Device pixels per CSS pixel. */
  scale: number;
  isDark: boolean;
  /** Milliseconds for the whole job. */
  deadlineMs: number;
}

/** How the browser is. */
export interface BrowserStatus {
  path: string | undefined;
  isRunning: boolean;
  isSandboxed: boolean;
  jobs: number;
  waiting: number;
  crashes: number;
}

/** Lends pages. Throws `browser-missing`, `browser-failed` or `timed-out` with a sentence. */
export interface Browser extends AsyncDisposable {
  readonly path: string | undefined;
  withPage<T>(options: PageOptions, signal: AbortSignal, job: (page: Page) => Promise<T>): Promise<T>;
  status(): BrowserStatus;
}
