/** Adding a source: first what it is, then its form. */
import { html, nothing, type TemplateResult } from 'lit';
import '#app/forms/source-form.ts';
import { guessKind, withScheme } from '#app/forms/guess-kind.ts';
import { applySource, hub, may } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { go, linkTo } from '#app/navigate.ts';
import { renderEmpty, renderSkeleton } from '#app/parts/blocks.ts';
import { say } from '#app/parts/toasts.ts';
import { define } from '#widgets/define.ts';
import { icon, kindIcon } from '#widgets/icons.ts';
import type { KindInfo, Source } from '#widgets/shapes.ts';

/** The usual kinds stand first, test pictures last. */
function rankOf(kind: string): number {
  const usual = ['onvif', 'rtsp', 'mjpeg', 'image'].indexOf(kind);
  if (usual >= 0) return usual;
  return kind === 'test' ? 100 : 10;
}

class AddPage extends LightElement {
  static override properties = { kind: {}, address: { state: true }, hint: { state: true } };

  /** The chosen kind; undefined: not chosen yet. */
  declare kind: string | undefined;
  declare address: string;
  declare hint: string;

  constructor() {
    super();
    this.address = '';
    this.hint = '';
  }

  override render(): TemplateResult {
    const { kinds, me } = hub.value;
    if (me && !may('admin')) {
      return html`<div class="page">${renderEmpty({
        icon: 'key',
        title: 'Only admins add sources',
        text: 'Ask somebody who looks after this hub.',
      })}</div>`;
    }
    if (kinds.length === 0) return html`<div class="page is-narrow">${renderSkeleton(4)}</div>`;
    const kind = kinds.find(known => known.id === this.kind);
    return kind ? this.#renderForm(kind) : this.#renderKinds(kinds);
  }

  #renderForm(kind: KindInfo): TemplateResult {
    return html`<div class="page">
      <header class="page-head">
        <a class="icon-button" href=${linkTo({ page: 'add', kind: undefined })} aria-label="Back to the kinds">${icon('left')}</a>
        <div>
          <p class="eyebrow">Add a source</p>
          <h1>${kind.title}</h1>
        </div>
      </header>
      <app-source-form
        .kind=${kind}
        .address=${this.address}
        @saved=${(event: CustomEvent<Source>) => this.#saved(event.detail)}
      ></app-source-form>
    </div>`;
  }

  #saved(source: Source): void {
    applySource(source);
    say(`${source.name} was added.`);
    go({ page: 'source', id: source.id, tab: 'pictures' }, 'replace');
  }

  #renderKinds(kinds: KindInfo[]): TemplateResult {
    const sorted = kinds.toSorted((a, b) => rankOf(a.id) - rankOf(b.id));
    const families = [
      { title: 'Cameras and pictures', kinds: sorted.filter(kind => kind.family === 'camera') },
      { title: 'Websites', kinds: sorted.filter(kind => kind.family === 'website') },
    ];
    return html`<div class="page is-narrow">
      <header class="page-head">
        <h1>What do you want to see?</h1>
        <p class="lead">Paste an address, or choose below. You see a picture before anything is saved.</p>
      </header>
      ${this.#renderPaste()}
      <a class="kind-card find-card" data-test="find-cameras" href=${linkTo({ page: 'find' })}>
        <span>${icon('search')}</span>
        <div>
          <h3>Find cameras</h3>
          <p>Let the hub look through your network, and add what it finds with a click.</p>
        </div>
      </a>
      ${families
        .filter(family => family.kinds.length > 0)
        .map(
          family => html`<section class="kinds" aria-label=${family.title}>
            <h2>${family.title}</h2>
            <div class="kind-cards">${family.kinds.map(kind => this.#renderKind(kind))}</div>
          </section>`,
        )}
    </div>`;
  }

  #renderKind(kind: KindInfo): TemplateResult {
    return html`<a class="kind-card" data-test=${`kind-${kind.id}`} href=${linkTo({ page: 'add', kind: kind.id })}>
      <span>${icon(kindIcon(kind.id, kind.family))}</span>
      <div>
        <h3>${kind.title}</h3>
        <p>${kind.description}</p>
      </div>
    </a>`;
  }

  #renderPaste(): TemplateResult {
    return html`<form class="paste" novalidate @submit=${this.#paste}>
      <div class="field ${this.hint ? 'has-error' : ''}">
        <label for="paste">Address of a camera or a page</label>
        <div class="copy-row">
          <input id="paste" data-test="paste" inputmode="url" autocapitalize="off" autocomplete="off" spellcheck="false"
            placeholder="rtsp://… or example.org" .value=${this.address}
            aria-describedby=${this.hint ? 'paste-error' : nothing}
            @input=${(event: Event) => {
              this.address = (event.target as HTMLInputElement).value;
              this.hint = '';
            }} />
          <button type="submit" class="button is-primary" data-test="paste-go">Continue</button>
        </div>
        ${this.hint ? html`<p class="error" id="paste-error" role="alert">${this.hint}</p>` : nothing}
      </div>
    </form>`;
  }

  readonly #paste = (event: Event): void => {
    event.preventDefault();
    const kind = guessKind(this.address);
    if (kind === undefined || !hub.value.kinds.some(known => known.id === kind)) {
      this.hint = 'This is no address that can be opened. It looks like rtsp://… or https://…';
      return;
    }
    this.address = withScheme(this.address);
    go({ page: 'add', kind });
  };
}

define('app-add-page', AddPage);
