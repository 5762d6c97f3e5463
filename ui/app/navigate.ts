/** Moves between pages without loading the app again. */
import { addressOf, appPathOf } from '#app/net/address.ts';
import { isHubPath, pathOf, type Route, routeOf } from './router.ts';

const watchers = new Set<() => void>();
const holders = new Set<() => boolean>();

/** The page that is shown: the address bar may be ahead of it while somebody is asked. */
let shownHref = '';
let isAsking = false;

/** The page of the address bar. */
export function currentRoute(): Route {
  const path = appPathOf(location.href, document.baseURI);
  return path === undefined ? { page: 'missing' } : routeOf(path);
}

/** The address of a page, for links. */
export function linkTo(route: Route): string {
  return addressOf(pathOf(route));
}

/** Opens a page. */
export function go(route: Route, manner: 'push' | 'replace' = 'push'): void {
  const href = linkTo(route);
  if (manner === 'replace') history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  arrive();
}

function arrive(): void {
  shownHref = location.href;
  for (const tell of watchers) tell();
}

/** Asks before links and the browser's back and forward leave the page while `isHeld` says so; returns how to stop. */
export function holdLeave(isHeld: () => boolean): () => void {
  holders.add(isHeld);
  return () => holders.delete(isHeld);
}

/** Runs `leave` at once, or when the person agrees to lose what was entered; else `stay`. One question counts for all that comes meanwhile. */
async function leaveBy(leave: () => void, stay: () => void): Promise<void> {
  if (isAsking) return;
  if (![...holders].some(isHeld => isHeld())) return leave();
  isAsking = true;
  const { ask } = await import('#app/parts/confirm.ts');
  const isAgreed = await ask({
    title: 'Discard what you entered?',
    body: 'It is not saved yet.',
    verb: 'Discard',
    cancel: 'Keep editing',
    isDangerous: true,
  });
  isAsking = false;
  if (isAgreed) leave();
  else stay();
}

/** Calls back after every move. */
export function onMove(tell: () => void): void {
  watchers.add(tell);
}

/** Takes over clicks on links to pages of the app and the browser's back and forward. */
export function takeOverLinks(): void {
  shownHref = location.href;
  addEventListener('popstate', () => {
    void leaveBy(arrive, () => history.pushState(null, '', shownHref));
  });
  document.addEventListener('click', event => {
    const link = event.composedPath().find(target => target instanceof HTMLAnchorElement);
    if (!link || !isPlainClick(event) || link.target !== '' || link.hasAttribute('download')) return;
    const path = appPathOf(link.href, document.baseURI);
    if (path === undefined || isHubPath(path) || link.hash !== '') return;
    event.preventDefault();
    void leaveBy(
      () => go(routeOf(path)),
      () => undefined,
    );
  });
}

function isPlainClick(event: MouseEvent): boolean {
  const hasModifier = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  return event.button === 0 && !hasModifier && !event.defaultPrevented;
}
