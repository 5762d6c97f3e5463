/** Which page an address means. Addresses are relative to the hub's base. */

/** A page with what its address says. */
export type Route =
  | { page: 'wall' }
  | { page: 'setup' }
  | { page: 'login' }
  | { page: 'events' }
  | { page: 'find' }
  | { page: 'add'; kind: string | undefined }
  | { page: 'edit'; id: string }
  | { page: 'source'; id: string; tab: SourceTab }
  | { page: 'settings'; section: SettingsSection }
  | { page: 'missing' };

/** The tabs of a source's page. */
export const SOURCE_TABS = ['pictures', 'events', 'log', 'addresses'] as const;
/** A tab of a source's page. */
export type SourceTab = (typeof SOURCE_TABS)[number];

/** The sections of the settings. */
export const SETTINGS_SECTIONS = [
  'hub',
  'mqtt',
  'hardware',
  'people',
  'keys',
  'me',
  'versions',
  'about',
] as const;
/** A section of the settings. */
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number];

/** The page of a path such as `source/x1y2/events`. */
export function routeOf(path: string): Route {
  const [first = '', second, third, ...rest] = path.split('/').map(safeDecode);
  if (rest.length > 0) return { page: 'missing' };
  if (first === 'source' && second) return sourceRoute(second, third);
  if (third !== undefined) return { page: 'missing' };
  if (first === 'add') return { page: 'add', kind: second };
  if (first === 'settings') {
    const section = SETTINGS_SECTIONS.find(name => name === (second ?? 'hub'));
    return section ? { page: 'settings', section } : { page: 'missing' };
  }
  if (second !== undefined) return { page: 'missing' };
  if (first === '') return { page: 'wall' };
  if (first === 'setup' || first === 'login' || first === 'events' || first === 'find')
    return { page: first };
  return { page: 'missing' };
}

function sourceRoute(id: string, part: string | undefined): Route {
  if (part === 'edit') return { page: 'edit', id };
  const tab = SOURCE_TABS.find(name => name === (part ?? 'pictures'));
  return tab ? { page: 'source', id, tab } : { page: 'missing' };
}

function safeDecode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The path of a route, to be put behind the base. */
export function pathOf(route: Route): string {
  switch (route.page) {
    case 'wall':
      return '';
    case 'add':
      return route.kind === undefined ? 'add' : `add/${encodeURIComponent(route.kind)}`;
    case 'edit':
      return `source/${encodeURIComponent(route.id)}/edit`;
    case 'source':
      return `source/${encodeURIComponent(route.id)}${route.tab === 'pictures' ? '' : `/${route.tab}`}`;
    case 'settings':
      return route.section === 'hub' ? 'settings' : `settings/${route.section}`;
    default:
      return route.page;
  }
}

/** True for addresses below the base that the hub answers itself, such as files to download. */
export function isHubPath(path: string): boolean {
  return /^(api|docs|assets|icons|healthz|readyz|metrics)(\/|$)/.test(path);
}
