/** The tabs below a source's picture: links, so that each has an address of its own. */
import { html, nothing, type TemplateResult } from 'lit';
import './pictures-tab.ts';
import './events-tab.ts';
import './log-tab.ts';
import './addresses-tab.ts';
import { may } from '#app/hub/hub.ts';
import { linkTo } from '#app/navigate.ts';
import type { SourceTab } from '#app/router.ts';

const TABS: Record<
  SourceTab,
  { label: string; role: 'viewer' | 'operator'; view(id: string): TemplateResult }
> = {
  pictures: {
    label: 'Pictures',
    role: 'viewer',
    view: id => html`<app-pictures-tab .sourceId=${id}></app-pictures-tab>`,
  },
  events: {
    label: 'Events',
    role: 'viewer',
    view: id => html`<app-source-events-tab .sourceId=${id}></app-source-events-tab>`,
  },
  log: { label: 'Log', role: 'operator', view: id => html`<app-log-tab .sourceId=${id}></app-log-tab>` },
  addresses: {
    label: 'Addresses',
    role: 'viewer',
    view: id => html`<app-addresses-tab .sourceId=${id}></app-addresses-tab>`,
  },
};

/** Draws the tabs and the one that is open. */
export function renderTabs(sourceId: string, open: SourceTab): TemplateResult {
  const shown = (Object.keys(TABS) as SourceTab[]).filter(tab => may(TABS[tab].role));
  const current = shown.includes(open) ? open : 'pictures';
  return html`<nav class="tabs" aria-label="About this source">
      ${shown.map(
        tab => html`<a
          href=${linkTo({ page: 'source', id: sourceId, tab })}
          data-test=${`tab-${tab}`}
          aria-current=${tab === current ? 'page' : nothing}
          >${TABS[tab].label}</a
        >`,
      )}
    </nav>
    <section class="tab-body" aria-label=${TABS[current].label}>${TABS[current].view(sourceId)}</section>`;
}
