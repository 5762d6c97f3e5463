/** `<app-keys-section>`: keys for other programs; a key's secret is shown once. */
import { html, nothing, type TemplateResult } from 'lit';
import '#widgets/age.ts';
import { LightElement } from '#app/light-element.ts';
import { list, request, sentenceOf } from '#app/net/request.ts';
import { renderCopy, renderNotice } from '#app/parts/blocks.ts';
import { Loaded } from '#app/parts/loaded.ts';
import { runAndSay } from '#app/source/source-actions.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import './recorder-logins.ts';
import { type Access, accessBody, accessWords, renderAccess } from './access-fields.ts';
import type { ApiKey } from './shapes.ts';

class KeysSection extends LightElement {
  static override properties = {
    isOpen: { state: true },
    name: { state: true },
    access: { state: true },
    made: { state: true },
    failure: { state: true },
  };

  declare isOpen: boolean;
  declare name: string;
  declare access: Access;
  /** The key that was just made, with its secret. */
  declare made: { key: ApiKey; secret: string } | undefined;
  declare failure: string;
  readonly #keys = new Loaded<ApiKey[]>(this, () => list('api/keys'));

  constructor() {
    super();
    this.isOpen = false;
    this.name = '';
    this.access = { role: 'viewer', groups: null };
    this.failure = '';
  }

  override render(): TemplateResult {
    return html`<section class="card" aria-label="API keys">
      <h2>API keys</h2>
      <p class="soft">For programs that talk to the API, such as Node-RED or a script of yours. A key is sent as <code>Authorization: Bearer …</code> Recorders need a login of their own, below.</p>
      <div role="status">${this.made ? this.#renderMade(this.made) : nothing}</div>
      ${this.#keys.render(keys =>
        keys.length === 0
          ? html`<p class="soft">No key yet.</p>`
          : html`<ul class="rows" data-test="keys">
              ${keys.map(key => this.#renderKey(key))}
            </ul>`,
      )}
      ${
        this.isOpen
          ? this.#renderForm()
          : html`<div class="actions section-end">
              <button type="button" class="button" data-test="add-key" @click=${this.#open}>${icon('plus')}Make a key</button>
            </div>`
      }
    </section>`;
  }

  readonly #open = async (): Promise<void> => {
    this.isOpen = true;
    this.made = undefined;
    await this.updateComplete;
    this.querySelector<HTMLInputElement>('#key-name')?.focus();
  };

  #renderMade({ key, secret }: { key: ApiKey; secret: string }): TemplateResult {
    return renderNotice(
      'good',
      html`<p><strong>Copy the key of ${key.name} now.</strong> It is shown this once; the hub keeps only its fingerprint.</p>
        ${renderCopy('New key', secret)}`,
    );
  }

  #renderKey(key: ApiKey): TemplateResult {
    return html`<li>
      <span class="face" aria-hidden="true">${icon('key')}</span>
      <div class="row-words">
        <strong>${key.name}</strong>
        <p>
          <code>${key.prefix}…</code> · ${accessWords(key)} ·
          ${key.lastUsedAt ? html`used <glimpser-age .at=${key.lastUsedAt}></glimpser-age>` : 'never used'}
        </p>
      </div>
      <button type="button" class="icon-button" aria-label=${`Withdraw ${key.name}`} title="Withdraw"
        @click=${() => runAndSay(() => this.#withdraw(key))}>${icon('bin')}</button>
    </li>`;
  }

  #renderForm(): TemplateResult {
    return html`<form class="inner-form" novalidate aria-label="Make a key" @submit=${this.#make}>
      ${this.failure ? renderNotice('bad', this.failure) : nothing}
      <div class="field">
        <label for="key-name">What it is for</label>
        <input id="key-name" data-test="key-name" maxlength="60" autocomplete="off" placeholder="Node-RED" .value=${this.name}
          @input=${(event: Event) => {
            this.name = (event.target as HTMLInputElement).value;
          }} />
      </div>
      ${renderAccess(this.access, access => {
        this.access = access;
      })}
      <div class="actions">
        <button type="submit" class="button is-primary" data-test="key-save">Make the key</button>
        <button type="button" class="button" @click=${() => {
          this.isOpen = false;
        }}>Cancel</button>
      </div>
    </form>`;
  }

  readonly #make = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.failure = '';
    if (this.name.trim() === '') {
      this.failure = 'Say what the key is for, so that you know it again.';
      return;
    }
    try {
      const body = { name: this.name.trim(), ...accessBody(this.access) };
      const made = await request<{ key: ApiKey; secret: string }>('POST', 'api/keys', body);
      this.made = made;
      this.#keys.change(keys => [made.key, ...keys]);
      this.isOpen = false;
      this.name = '';
    } catch (thrown) {
      this.failure = sentenceOf(thrown);
    }
  };

  async #withdraw(key: ApiKey): Promise<string> {
    const { ask } = await import('#app/parts/confirm.ts');
    const isAgreed = await ask({
      title: `Withdraw ${key.name}?`,
      body: 'The program that uses it is shut out at once.',
      verb: 'Withdraw',
      isDangerous: true,
    });
    if (!isAgreed) return '';
    await request('DELETE', `api/keys/${key.id}`);
    this.#keys.change(keys => keys.filter(other => other.id !== key.id));
    return 'The key no longer works.';
  }
}

define('app-keys-section', KeysSection);
