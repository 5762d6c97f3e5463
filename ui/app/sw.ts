/** The service worker: keeps the app's own files, so that it opens without the hub. It never keeps pictures or answers. */

/** What a worker has and a page has not; the types of pages are loaded here. */
interface WorkerScope {
  registration: { scope: string };
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(name: 'install' | 'activate', take: (event: LastingEvent) => void): void;
  addEventListener(name: 'fetch', take: (event: FetchEvent) => void): void;
  addEventListener(name: 'message', take: (event: { data: unknown }) => void): void;
}

interface LastingEvent {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent {
  request: Request;
  respondWith(response: Promise<Response>): void;
}

const worker = globalThis as unknown as WorkerScope;

// The build replaces this word with the list of files and their version.
declare const __PRECACHE__: string;
const { version, paths } = JSON.parse(__PRECACHE__) as { version: string; paths: string[] };

const { scope } = worker.registration;
const scopePath = new URL(scope).pathname;
const ownCaches = `glimpser:${scopePath}:`;
const cacheName = `${ownCaches}${version}`;
const kept = new Set(paths.map(path => new URL(path, scope).href));

/** Addresses that the hub answers itself, also when a browser opens them as a page. */
const HUB_PATHS = /^(api|docs|healthz|readyz|metrics)(\/|$)/;

worker.addEventListener('install', event => event.waitUntil(keepFiles()));
worker.addEventListener('activate', event => event.waitUntil(takeOver()));
worker.addEventListener('message', ({ data }) => {
  if (data === 'use-new-version') void worker.skipWaiting();
});
worker.addEventListener('fetch', event => {
  const keptAddress = keptAddressOf(event.request);
  if (keptAddress !== undefined) event.respondWith(answer(event.request, keptAddress));
});

async function keepFiles(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll([...kept].map(address => new Request(address, { cache: 'reload' })));
}

async function takeOver(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter(name => name.startsWith(ownCaches) && name !== cacheName);
  await Promise.all(old.map(name => caches.delete(name)));
  await worker.clients.claim();
}

/** The kept file that answers a request, or undefined when it goes to the hub. */
function keptAddressOf(request: Request): string | undefined {
  const url = new URL(request.url);
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return undefined;
  const path = url.pathname.slice(scopePath.length);
  if (HUB_PATHS.test(path)) return undefined;
  if (request.mode === 'navigate') return /\.[a-z0-9]{1,8}$/i.test(path) ? undefined : scope;
  url.hash = '';
  return kept.has(url.href) ? url.href : undefined;
}

async function answer(request: Request, address: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(address)) ?? fetch(request);
}
