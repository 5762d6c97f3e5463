/** Logging in; afterwards the page that was asked for opens. */
import { html, nothing, type TemplateResult } from 'lit';
import { enter, hub } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { request, sentenceOf } from '#app/net/request.ts';
import { renderNotice } from '#app/parts/blocks.ts';
import { renderEntry } from '#app/parts/entry.ts';
import { renderPassword } from '#app/parts/password-field.ts';
import { define } from '#widgets/define.ts';

class LoginPage extends LightElement {
  static override properties = {
    name: { state: true },
    password: { state: true },
    failure: { state: true },
    isBusy: { state: true },
  };

  declare name: string;
  declare password: string;
  declare failure: string;
  declare isBusy: boolean;

  constructor() {
    super();
    this.name = '';
    this.password = '';
    this.failure = '';
    this.isBusy = false;
  }

  override render(): TemplateResult {
    return renderEntry(
      'Welcome back',
      'Have a glance at what matters.',
      html`<h1>Log in</h1>
        <p class="lead">to ${hub.value.name}</p>
        <form novalidate @submit=${this.#submit}>
          ${this.failure ? renderNotice('bad', this.failure) : nothing}
          <div class="field">
            <label for="login-name">Name</label>
            <input id="login-name" data-test="login-name" name="username" autocomplete="username" autocapitalize="off" required
              .value=${this.name}
              @input=${(event: Event) => {
                this.name = (event.target as HTMLInputElement).value;
              }} />
          </div>
          ${renderPassword({
            id: 'login-password',
            label: 'Password',
            autocomplete: 'current-password',
            value: this.password,
            change: value => {
              this.password = value;
            },
          })}
          <button type="submit" class="button is-primary is-wide" data-test="login-submit" ?disabled=${this.isBusy}>
            ${this.isBusy ? 'Logging in…' : 'Log in'}
          </button>
        </form>`,
    );
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.name.trim() === '' || this.password === '') {
      this.failure = 'Type your name and your password.';
      return;
    }
    this.isBusy = true;
    this.failure = '';
    try {
      await request('POST', 'api/auth/login', { name: this.name.trim(), password: this.password });
      await enter();
    } catch (thrown) {
      this.failure = sentenceOf(thrown);
    } finally {
      this.isBusy = false;
    }
  }
}

define('app-login-page', LoginPage);
