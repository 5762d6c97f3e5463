/** The flags that our browser is started with: quiet, without a way around its proxy, and with its sandbox. */
import { join } from 'node:path';
import { isHeadlessShell } from './browser-find.ts';

/**
 * Contexts bring a proxy of their own; the browser itself gets one that leads nowhere and resolves no names, so
 * that what escapes a context (updates, probes, a forgotten page) ends here.
 */
const NETWORK = [
  '--proxy-server=http://127.0.0.1:9',
  '--proxy-bypass-list=<-loopback>',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-client-side-phishing-detection',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
];

/** Pages are never in front of anybody, and must run as if they were. */
const PAGES = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--force-color-profile=srgb',
  '--hide-scrollbars',
  '--mute-audio',
];

const QUIET = [
  '--disable-breakpad',
  '--disable-crash-reporter',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-features=Translate,MediaRouter,OptimizationHints,AcceptCHFrame',
  '--disable-prompt-on-repost',
  '--disable-search-engine-choice-screen',
  '--metrics-recording-only',
  '--no-default-browser-check',
  '--no-first-run',
  '--password-store=basic',
  '--use-mock-keychain',
];

/** All flags for a browser whose profile lies in a folder of ours. */
export function browserFlags(path: string, home: string, isSandboxed: boolean): string[] {
  return [
    isHeadlessShell(path) ? '--headless' : '--headless=new',
    '--remote-debugging-pipe',
    `--user-data-dir=${join(home, 'profile')}`,
    ...NETWORK,
    ...PAGES,
    ...QUIET,
    ...(isSandboxed ? [] : ['--no-sandbox']),
    'about:blank',
  ];
}
