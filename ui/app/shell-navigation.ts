/** The rail on wide screens and the tab bar on phones: one list, two looks. */
import { html, nothing, type TemplateResult } from 'lit';
import { hub, may } from '#app/hub/hub.ts';
import { type IconName, icon } from '#widgets/icons.ts';
import { linkTo } from './navigate.ts';
import { brandMark } from './parts/brand.ts';
import type { Route } from './router.ts';

interface Entry {
  route: Route;
  label: string;
  icon: IconName;
  /** Pages on which the entry is marked as the place where one is. */
  covers: ReadonlyArray<Route['page']>;
  role: 'viewer' | 'admin';
}

const ENTRIES: Entry[] = [
  {
    route: { page: 'wall' },
    label: 'Wall',
    icon: 'wall',
    covers: ['wall', 'source', 'edit'],
    role: 'viewer',
  },
  { route: { page: 'events' }, label: 'Events', icon: 'events', covers: ['events'], role: 'viewer' },
  {
    route: { page: 'add', kind: undefined },
    label: 'Add',
    icon: 'plus',
    covers: ['add', 'find'],
    role: 'admin',
  },
  {
    route: { page: 'settings', section: 'hub' },
    label: 'Settings',
    icon: 'settings',
    covers: ['settings'],
    role: 'viewer',
  },
];

/** Draws the navigation; links keep the browser's own manners. */
export function renderNavigation(current: Route['page']): TemplateResult {
  const { isReachable, isIngress, me } = hub.value;
  return html`<nav class="navigation" aria-label="Main">
    <a class="brand" href=${linkTo({ page: 'wall' })} aria-label=${`${hub.value.name}, wall`}>${brandMark('navigation')}</a>
    <ul>
      ${ENTRIES.filter(entry => may(entry.role) || !me).map(
        entry => html`<li>
          <a
            href=${linkTo(entry.route)}
            data-test=${`nav-${entry.route.page}`}
            aria-current=${entry.covers.includes(current) ? 'page' : nothing}
          >
            ${icon(entry.icon)}<span>${entry.label}</span>
          </a>
        </li>`,
      )}
    </ul>
    <p class="link-sign ${isReachable ? 'is-good' : 'is-bad'}" title=${isReachable ? 'Connected to the hub' : 'The hub is not reachable'}>
      <i></i><span>${isReachable ? 'Connected' : 'Away'}</span>
    </p>
    ${
      me && !isIngress
        ? html`<a class="person" href=${linkTo({ page: 'settings', section: 'me' })} aria-label=${`${me.name}, your account`}
            ><span aria-hidden="true">${me.name.slice(0, 1).toUpperCase()}</span></a
          >`
        : nothing
    }
  </nav>`;
}
