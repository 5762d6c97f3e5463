/** Reads the folder of routes; no list is edited. A route that does not say who may call it stops the start. */
import { join } from 'node:path';
import { loadKinds } from '#base/kinds.ts';
import { ROLES } from '#model/user.ts';
import type { Route } from './route.ts';

/** Every route of a folder, fixed paths before those with parameters. Throws when one is not complete. */
export async function loadRoutes(folder = join(import.meta.dirname, 'routes')): Promise<Route[]> {
  const files = await loadKinds<Route[]>(folder);
  const routes = [...files].flatMap(([file, found]) => found.map(one => checkRoute(one, file)));
  const seen = new Set<string>();
  for (const { method, path } of routes) {
    const name = `${method} ${path.replaceAll(/:\w+/g, ':')}`;
    if (seen.has(name)) throw new TypeError(`The route ${name} exists twice`);
    seen.add(name);
  }
  return routes.sort((a, b) => (sortKey(a.path) < sortKey(b.path) ? -1 : 1));
}

/** Refuses what would be open by mistake. */
function checkRoute(route: Route, file: string): Route {
  const name = `${route.method} ${route.path} in routes/${file}.ts`;
  if (!route.path?.startsWith('/')) throw new TypeError(`${name} has no path`);
  if (route.role !== 'none' && !ROLES.includes(route.role))
    throw new TypeError(`${name} does not say which role may call it`);
  if (!route.summary) throw new TypeError(`${name} has no summary`);
  if (Object.keys(route.answers ?? {}).length !== 1) throw new TypeError(`${name} must have one answer`);
  const named = [...route.path.matchAll(/:(\w+)/g)].map(found => found[1]).sort();
  const checked = Object.keys(route.params?.shape ?? {}).sort();
  if (named.join() !== checked.join()) throw new TypeError(`${name} does not check its parameters`);
  return route;
}

/** Parameters sort behind every fixed word. */
function sortKey(path: string): string {
  return path
    .split('/')
    .map(part => (part.startsWith(':') ? '1' : `0${part}`))
    .join('/');
}
