/** Every page of the app: its code is fetched when it is first opened. */
import { html, type TemplateResult } from 'lit';
import type { Route } from './router.ts';

interface AppPage {
  load(): Promise<unknown>;
  view(route: Route): TemplateResult;
}

/** A new page gets its line here and in router.ts. */
export const pages: Record<Route['page'], AppPage> = {
  wall: { load: () => import('#app/pages/wall-page.ts'), view: () => html`<app-wall-page></app-wall-page>` },
  setup: {
    load: () => import('#app/pages/setup-page.ts'),
    view: () => html`<app-setup-page></app-setup-page>`,
  },
  login: {
    load: () => import('#app/pages/login-page.ts'),
    view: () => html`<app-login-page></app-login-page>`,
  },
  events: {
    load: () => import('#app/pages/events-page.ts'),
    view: () => html`<app-events-page></app-events-page>`,
  },
  find: { load: () => import('#app/pages/find-page.ts'), view: () => html`<app-find-page></app-find-page>` },
  add: {
    load: () => import('#app/pages/add-page.ts'),
    view: route => html`<app-add-page .kind=${route.page === 'add' ? route.kind : undefined}></app-add-page>`,
  },
  edit: {
    load: () => import('#app/pages/edit-page.ts'),
    view: route => html`<app-edit-page .sourceId=${route.page === 'edit' ? route.id : ''}></app-edit-page>`,
  },
  source: {
    load: () => import('#app/pages/source-page.ts'),
    view: route =>
      route.page === 'source'
        ? html`<app-source-page .sourceId=${route.id} .tab=${route.tab}></app-source-page>`
        : html``,
  },
  settings: {
    load: () => import('#app/pages/settings-page.ts'),
    view: route =>
      html`<app-settings-page .section=${route.page === 'settings' ? route.section : 'hub'}></app-settings-page>`,
  },
  missing: {
    load: () => import('#app/pages/missing-page.ts'),
    view: () => html`<app-missing-page></app-missing-page>`,
  },
};
