/** The title of each page, for the browser's tab and history. */
import type { Route } from './router.ts';

const TITLES: Record<Route['page'], string> = {
  wall: 'Wall',
  setup: 'Welcome',
  login: 'Log in',
  events: 'Events',
  add: 'Add a source',
  find: 'Find cameras',
  edit: 'Edit',
  source: 'Source',
  settings: 'Settings',
  missing: 'Not found',
};

/** The title of a route; pages of a source carry its name. */
export function titleOf(route: Route, hubName: string, nameOf: (id: string) => string | undefined): string {
  const name = 'id' in route ? nameOf(route.id) : undefined;
  const title = route.page === 'source' && name ? name : TITLES[route.page];
  const full = route.page === 'edit' && name ? `${title} ${name}` : title;
  return `${full} · ${hubName}`;
}
