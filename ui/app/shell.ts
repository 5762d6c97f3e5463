/** `<app-shell>`: navigation, the page in use, banners while the hub is away or in safe mode, and messages. */
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import '#app/parts/toasts.ts';
import '#widgets/age.ts';
import { hub, sourceOf } from '#app/hub/hub.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import { LightElement } from './light-element.ts';
import { currentRoute, go, onMove } from './navigate.ts';
import { pages } from './page-list.ts';
import { brandMark } from './parts/brand.ts';
import { renderSafeMode } from './parts/safe-mode.ts';
import type { Route } from './router.ts';
import { renderNavigation } from './shell-navigation.ts';
import { titleOf } from './titles.ts';

class Shell extends LightElement {
  static override properties = { route: { state: true }, loaded: { state: true }, failed: { state: true } };

  declare route: Route;
  /** Pages whose code has arrived. */
  declare loaded: ReadonlySet<string>;
  declare failed: boolean;

  constructor() {
    super();
    this.route = currentRoute();
    this.loaded = new Set();
    this.failed = false;
    onMove(() => {
      this.route = currentRoute();
    });
  }

  /** The page to show: without a login only the pages before it. */
  get #page(): Route['page'] | 'splash' {
    const { access } = hub.value;
    if (access === 'unknown') return 'splash';
    return access === 'in' ? this.route.page : access;
  }

  override willUpdate(): void {
    const page = this.#page;
    if (hub.value.access === 'in' && (page === 'setup' || page === 'login')) {
      queueMicrotask(() => go({ page: 'wall' }, 'replace'));
    }
    if (page !== 'splash' && !this.loaded.has(page)) void this.#load(page);
  }

  async #load(page: Route['page']): Promise<void> {
    try {
      await pages[page].load();
      this.failed = false;
      this.loaded = new Set([...this.loaded, page]);
    } catch {
      this.failed = true;
    }
  }

  override updated(changed: PropertyValues<this>): void {
    const page = this.#page;
    const shown =
      page === 'splash' ? this.route : page === this.route.page ? this.route : ({ page } as Route);
    document.title = titleOf(shown, hub.value.name, id => sourceOf(id)?.name);
    const before = changed.get('route') as Route | undefined;
    if (before && placeOf(before) !== placeOf(this.route)) this.#arrive();
  }

  /** After a move the reader starts at the top of the new page. */
  #arrive(): void {
    scrollTo(0, 0);
    this.querySelector<HTMLElement>('#main')?.focus({ preventScroll: true });
  }

  override render(): TemplateResult {
    const isIn = hub.value.access === 'in';
    return html`
      <a class="skip" href="#main" @click=${this.#skip}>Skip to content</a>
      <div class="frame ${isIn ? 'has-navigation' : ''}">
        ${isIn ? renderNavigation(this.route.page) : nothing}
        <main id="main" tabindex="-1" aria-label=${isIn ? nothing : 'Glimpser'}>
          ${hub.value.isReachable ? nothing : this.#renderBanner()} ${isIn ? renderSafeMode() : nothing}
          ${this.#renderPage()}
        </main>
      </div>
      <app-toasts></app-toasts>
    `;
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.querySelector<HTMLElement>('#main')?.focus();
  }

  #renderBanner(): TemplateResult {
    const { seenAt } = hub.value;
    return html`<div class="banner" role="status" data-test="away">
      ${icon('alert')}
      <p>
        <strong>The hub is not reachable.</strong>
        ${
          seenAt === null
            ? 'Check that it runs and that you are on its network.'
            : html`What you see is from <glimpser-age .at=${new Date(seenAt).toISOString()}></glimpser-age>.`
        }
        Trying again…
      </p>
    </div>`;
  }

  #renderPage(): TemplateResult {
    const page = this.#page;
    if (this.failed) {
      return html`<div class="empty-state">
        <h1>This page did not load</h1>
        <p>The hub may have been updated. Reload to get the new version.</p>
        <div class="actions"><button type="button" class="button is-primary" @click=${() => location.reload()}>Reload</button></div>
      </div>`;
    }
    if (page === 'splash' || !this.loaded.has(page)) {
      return html`<div class="splash" role="status" aria-label="Loading">${brandMark('splash')}</div>`;
    }
    return pages[page].view(this.route);
  }
}

/** What makes a move a new page: tabs of one source are the same place. */
function placeOf(route: Route): string {
  return `${route.page}:${'id' in route ? route.id : ''}:${'kind' in route ? route.kind : ''}`;
}

define('app-shell', Shell);
