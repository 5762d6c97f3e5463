/** Moves between pages without loading the app again. */
import { addressOf, appPathOf } from '#app/net/address.ts';
import { isHubPath, pathOf, type Route, routeOf } from './router.ts';

const watchers = new Set<() => void>();

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
  for (const tell of watchers) tell();
}

/** Calls back after every move. */
export function onMove(tell: () => void): void {
  watchers.add(tell);
}

/** Takes over clicks on links to pages of the app and the browser's back and forward. */
export function takeOverLinks(): void {
  addEventListener('popstate', () => {
    for (const tell of watchers) tell();
  });
  document.addEventListener('click', event => {
    const link = event.composedPath().find(target => target instanceof HTMLAnchorElement);
    if (!link || !isPlainClick(event) || link.target !== '' || link.hasAttribute('download')) return;
    const path = appPathOf(link.href, document.baseURI);
    if (path === undefined || isHubPath(path) || link.hash !== '') return;
    event.preventDefault();
    go(routeOf(path));
  });
}

function isPlainClick(event: MouseEvent): boolean {
  const hasModifier = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  return event.button === 0 && !hasModifier && !event.defaultPrevented;
}
