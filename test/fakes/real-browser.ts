/** The machine's own browser for tests: without its sandbox, since tests run as root, and behind a real guard. */
import { type Browser, type BrowserOptions, createBrowser } from '#server/base/browser.ts';
import { type Clock, systemClock } from '#server/base/clock.ts';
import { createEgress, type Egress, type EgressPolicy } from '#server/base/egress.ts';
import { type Lookup, lookupBySystem } from '#server/base/egress-names.ts';
import { silentLog } from '#server/base/log.ts';

/** A browser with the guard that it goes through. */
export interface RealBrowser extends AsyncDisposable {
  browser: Browser;
  egress: Egress;
}

/** Makes a browser that may open exactly these `host:port` of this machine. */
export function realBrowser(
  exceptions: string[],
  over: Partial<BrowserOptions> = {},
  policy: Partial<EgressPolicy> = {},
  lookup: Lookup = lookupBySystem,
): RealBrowser {
  const clock: Clock = over.clock ?? systemClock;
  const whole = {
    allowLoopback: false,
    websitesMayReachLan: true,
    exceptions,
    ownPorts: () => [],
    ...policy,
  };
  const egress = createEgress({ policy: () => whole, clock: systemClock, log: silentLog, lookup });
  const browser = createBrowser({ isSandboxed: false, egress, clock, log: silentLog, ...over });
  return {
    browser,
    egress,
    async [Symbol.asyncDispose]() {
      await browser[Symbol.asyncDispose]();
      await egress[Symbol.asyncDispose]();
    },
  };
}
