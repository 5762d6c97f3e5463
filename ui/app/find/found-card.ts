/** `<app-found-card>`: one camera that was found: its picture, its state, and the way onto the wall. */
import { html, nothing, type TemplateResult } from 'lit';
import '#app/forms/try-panel.ts';
import { applySource, hub } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { linkTo } from '#app/navigate.ts';
import { addressOf } from '#app/net/address.ts';
import { request, sentenceOf } from '#app/net/request.ts';
import { renderNotice } from '#app/parts/blocks.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import type { Source } from '#widgets/shapes.ts';
import { foundState, isReady } from './find-words.ts';
import type { Found, FoundWay } from './shapes.ts';

/** Fires `added` (detail: Source). */
class FoundCard extends LightElement {
  static override properties = {
    found: { attribute: false },
    isOpen: { state: true },
    isBusy: { state: true },
    failure: { state: true },
    name: { state: true },
    kind: { state: true },
    username: { state: true },
    password: { state: true },
  };

  declare found: Found;
  /** True while it asks for what is missing. */
  declare isOpen: boolean;
  declare isBusy: boolean;
  declare failure: string;
  /** Undefined until a person changes it. */
  declare name: string | undefined;
  declare kind: string | undefined;
  declare username: string;
  declare password: string;

  constructor() {
    super();
    this.isOpen = false;
    this.isBusy = false;
    this.failure = '';
    this.username = '';
    this.password = '';
  }

  override render(): TemplateResult {
    const { found } = this;
    const { words, tone } = foundState(found);
    const made = [found.maker, found.model]
      .filter(part => part !== '' && !found.name.includes(part))
      .join(' ');
    return html`<article class="found" data-test="found" aria-label=${found.name}>
      <div class="found-picture">${this.#renderPicture()}</div>
      <div class="found-words">
        <h3>${found.name}</h3>
        <p class="soft">${made === '' ? nothing : html`${made} · `}<span class="found-address">${found.address}</span></p>
        <p class="found-state"><span class="tag ${tone}">${words}</span></p>
      </div>
      ${this.failure && !this.isOpen ? renderNotice('bad', this.failure) : nothing}
      ${this.isOpen ? this.#renderForm() : html`<div class="actions">${this.#renderActions()}</div>`}
    </article>`;
  }

  #renderPicture(): TemplateResult {
    const { id, name, hasPicture, seenAt, needsLogin } = this.found;
    if (!hasPicture) return html`<span>${icon(needsLogin ? 'key' : 'camera')}</span>`;
    const address = addressOf(`api/discovery/found/${id}/picture?at=${encodeURIComponent(seenAt)}`);
    return html`<img src=${address} alt=${`What ${name} shows`} loading="lazy" />`;
  }

  #renderActions(): TemplateResult {
    const { found } = this;
    if (found.sourceId !== null) {
      const route = { page: 'source', id: found.sourceId, tab: 'pictures' } as const;
      return html`<a class="button" href=${linkTo(route)}>Open</a>
        <button type="button" class="button" @click=${this.#open}>Add again</button>`;
    }
    if (!isReady(found)) {
      return html`<button type="button" class="button is-primary" data-test="found-open" @click=${this.#open}>
        ${icon(found.needsLogin ? 'key' : 'plus')}${found.needsLogin ? 'Log in and add' : 'Try and add'}
      </button>`;
    }
    return html`<button type="button" class="button is-primary" data-test="found-add" ?disabled=${this.isBusy} @click=${this.#add}>
        ${icon('plus')}${this.isBusy ? 'Adding…' : 'Add'}
      </button>
      <button type="button" class="button" @click=${this.#open}>Change first</button>`;
  }

  #renderForm(): TemplateResult {
    const { found } = this;
    const id = `found-${found.id}`;
    return html`<form class="found-form" novalidate @submit=${this.#submit}>
      ${this.failure ? renderNotice('bad', this.failure) : nothing}
      ${this.#renderField('name', `${id}-name`, 'Name', this.name ?? found.name)}
      ${found.ways.length > 1 ? this.#renderKinds(`${id}-kind`) : nothing}
      ${this.#renderField('username', `${id}-user`, 'User name of the camera', this.username)}
      ${this.#renderField('password', `${id}-password`, 'Password of the camera', this.password)}
      <app-try .prepare=${this.#body}></app-try>
      <div class="actions">
        <button type="submit" class="button is-primary" data-test="found-save" ?disabled=${this.isBusy}>
          ${this.isBusy ? 'Adding…' : 'Add to the wall'}
        </button>
        <button type="button" class="button" @click=${this.#close}>Cancel</button>
      </div>
    </form>`;
  }

  #renderField(
    field: 'name' | 'username' | 'password',
    id: string,
    label: string,
    value: string,
  ): TemplateResult {
    return html`<div class="field">
      <label for=${id}>${label}${field === 'name' || this.#way?.needsLogin ? nothing : html` <span class="optional">optional</span>`}</label>
      <input
        id=${id}
        data-test=${`found-${field}`}
        type=${field === 'password' ? 'password' : 'text'}
        autocomplete=${field === 'password' ? 'new-password' : 'off'}
        autocapitalize="off"
        spellcheck="false"
        .value=${value}
        @input=${(event: Event) => {
          this[field] = (event.target as HTMLInputElement).value;
        }}
      />
    </div>`;
  }

  #renderKinds(id: string): TemplateResult {
    const titleOf = (kind: string) => hub.value.kinds.find(known => known.id === kind)?.title ?? kind;
    return html`<div class="field">
      <label for=${id}>Add as</label>
      <select
        id=${id}
        @change=${(event: Event) => {
          this.kind = (event.target as HTMLSelectElement).value;
        }}
      >
        ${this.found.ways.map(
          way => html`<option value=${way.kind} ?selected=${way.kind === this.#way?.kind}>
            ${titleOf(way.kind)}${way.needsLogin ? '' : ', open'}
          </option>`,
        )}
      </select>
    </div>`;
  }

  get #way(): FoundWay | undefined {
    const { ways } = this.found;
    const chosen = ways.find(way => way.kind === this.kind);
    return chosen ?? ways.find(way => !way.needsLogin) ?? ways[0];
  }

  /** What the try panel sends: the same that would be added. */
  readonly #body = (): Record<string, unknown> | undefined => {
    const way = this.#way;
    if (!way) return undefined;
    const login = this.username === '' ? {} : { username: this.username, password: this.password };
    return { name: this.#name, kind: way.kind, options: { ...way.options, ...login } };
  };

  get #name(): string {
    return this.name?.trim() || this.found.name;
  }

  readonly #open = async (): Promise<void> => {
    this.isOpen = true;
    this.failure = '';
    await this.updateComplete;
    this.querySelector<HTMLElement>(this.found.needsLogin ? 'input[id$=user]' : 'input')?.focus();
  };

  readonly #close = (): void => {
    this.isOpen = false;
    this.failure = '';
    this.password = '';
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    void this.#add();
  };

  readonly #add = async (): Promise<void> => {
    if (this.isBusy) return;
    this.isBusy = true;
    this.failure = '';
    const login = this.username === '' ? {} : { username: this.username, password: this.password };
    const choice = { name: this.#name, kind: this.#way?.kind, ...login };
    try {
      const source = await request<Source>('POST', `api/discovery/found/${this.found.id}/add`, choice);
      applySource(source);
      this.dispatchEvent(new CustomEvent('added', { detail: source }));
    } catch (thrown) {
      this.failure = sentenceOf(thrown);
    } finally {
      this.isBusy = false;
    }
  };
}

define('app-found-card', FoundCard);
