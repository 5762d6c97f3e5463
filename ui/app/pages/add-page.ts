/** Adding a source: first what it is, then its form. */
import { html, nothing, type TemplateResult } from 'lit';
import '#app/forms/source-form.ts';
import { guessKind, withScheme } from '#app/forms/guess-kind.ts';
import { splitLogin } from '#app/forms/split-login.ts';
import { applySource, hub, may } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { go, linkTo } from '#app/navigate.ts';
import { renderEmpty, renderSkeleton } from '#app/parts/blocks.ts';
import { say } from '#app/parts/toasts.ts';
import { define } from '#widgets/define.ts';
import { icon, kindIcon } from '#widgets/icons.ts';
import type { KindInfo, Source } from '#widgets/shapes.ts';
import { groupKinds, type KindGroup } from './kind-groups.ts';

class AddPage extends LightElement {
  static override properties = {
    kind: {},
    address: { state: true },
    pasted: { state: true },
    hint: { state: true },
  };

  /** The chosen kind; undefined: not chosen yet. */
  declare kind: string | undefined;
  declare address: string;
  /** The address as it was pasted, with its login, for the form. */
  declare pasted: string;
  declare hint: string;

  constructor() {
    super();
    this.address = '';
    this.pasted = '';
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
        .address=${this.pasted || this.address}
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
    return html`<div class="page kinds-page">
      <header class="page-head">
        <h1>What do you want to see?</h1>
        <p class="lead">Paste an address, or choose below. You see a picture before anything is saved.</p>
      </header>
      <a class="kind-card find-card" data-test="find-cameras" href=${linkTo({ page: 'find' })}>
        <span>${icon('search')}</span>
        <div>
          <h2>Find cameras on my network</h2>
          <p>The hub looks for cameras around it, and you add what it finds with a click.</p>
        </div>
        ${icon('right')}
      </a>
      ${this.#renderPaste()} ${groupKinds(kinds).map(group => this.#renderGroup(group))}
    </div>`;
  }

  #renderGroup({ title, kinds }: KindGroup): TemplateResult {
    return html`<section class="kinds" aria-label=${title || 'Usual kinds'}>
      ${title === '' ? nothing : html`<h2>${title}</h2>`}
      <div class="kind-cards">${kinds.map(kind => this.#renderKind(kind))}</div>
    </section>`;
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
              this.pasted = '';
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
    this.pasted = withScheme(this.address);
    // Who comes back to this page does not find a password on it.
    this.address = splitLogin(this.pasted)?.address ?? this.pasted;
    go({ page: 'add', kind });
  };
}

define('app-add-page', AddPage);
