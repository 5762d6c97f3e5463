/** First run: the one-time link leads here, and the first account is made. */
import { html, nothing, type TemplateResult } from 'lit';
import { type FieldErrors, placeErrors, withoutError } from '#app/forms/field-errors.ts';
import { passwordHint, SHORTEST } from '#app/forms/password-hint.ts';
import { enter, hub } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { go } from '#app/navigate.ts';
import { Problem, request, sentenceOf } from '#app/net/request.ts';
import { renderNotice } from '#app/parts/blocks.ts';
import { renderEntry } from '#app/parts/entry.ts';
import { renderPassword } from '#app/parts/password-field.ts';
import { define } from '#widgets/define.ts';

class SetupPage extends LightElement {
  static override properties = {
    name: { state: true },
    password: { state: true },
    errors: { state: true },
    failure: { state: true },
    isBusy: { state: true },
  };

  declare name: string;
  declare password: string;
  declare errors: FieldErrors;
  declare failure: string;
  declare isBusy: boolean;

  constructor() {
    super();
    this.name = '';
    this.password = '';
    this.errors = {};
    this.failure = '';
    this.isBusy = false;
  }

  get #token(): string {
    return new URLSearchParams(location.search).get('token') ?? '';
  }

  override render(): TemplateResult {
    return renderEntry(
      'Your cameras and websites, at a glance',
      'Everything stays on this machine. No account elsewhere, no cloud.',
      this.#token === '' ? this.#renderNoLink() : this.#renderForm(),
    );
  }

  #renderNoLink(): TemplateResult {
    return html`<h1>Welcome to Glimpser</h1>
      <p class="lead">This hub is new and waits for its first account.</p>
      ${renderNotice(
        'info',
        html`<p>
          Open the <strong>set-up link</strong> that the hub prints when it starts: look at the terminal or the log where
          it runs. The link works once, so that nobody else can claim the hub.
        </p>`,
      )}`;
  }

  #renderForm(): TemplateResult {
    return html`<h1>Welcome</h1>
      <p class="lead">Make the account that you will log in with.</p>
      <form novalidate @submit=${this.#submit}>
        ${this.failure ? renderNotice('bad', this.failure) : nothing}
        <div class="field ${this.errors['name'] ? 'has-error' : ''}">
          <label for="setup-name">Your name</label>
          <input id="setup-name" data-test="setup-name" name="username" autocomplete="username" autocapitalize="off" required
            aria-describedby=${this.errors['name'] ? 'setup-name-error' : nothing}
            aria-invalid=${this.errors['name'] ? 'true' : nothing}
            .value=${this.name}
            @input=${(event: Event) => {
              this.name = (event.target as HTMLInputElement).value;
            }} />
          ${this.errors['name'] ? html`<p class="error" id="setup-name-error">${this.errors['name']}</p>` : nothing}
        </div>
        ${renderPassword({
          id: 'setup-password',
          label: 'Password',
          autocomplete: 'new-password',
          value: this.password,
          error: this.errors['password'],
          hint: passwordHint(this.password),
          change: value => {
            this.password = value;
            this.errors = withoutError(this.errors, 'password');
          },
        })}
        <button type="submit" class="button is-primary is-wide" data-test="setup-submit" ?disabled=${this.isBusy}>
          ${this.isBusy ? 'Making your account…' : 'Start using Glimpser'}
        </button>
      </form>`;
  }

  #findGaps(): FieldErrors {
    const gaps: FieldErrors = {};
    if (this.name.trim() === '') gaps['name'] = 'Type a name, such as your first name.';
    if (this.password.length < SHORTEST) gaps['password'] = `Use at least ${SHORTEST} characters.`;
    return gaps;
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    this.failure = '';
    this.errors = this.#findGaps();
    if (Object.keys(this.errors).length > 0) {
      await this.updateComplete;
      this.querySelector<HTMLInputElement>('[aria-invalid]')?.focus();
      return;
    }
    this.isBusy = true;
    try {
      await request('POST', 'api/auth/setup', {
        token: this.#token,
        name: this.name.trim(),
        password: this.password,
      });
      hub.set({ access: 'in' });
      go({ page: 'wall' }, 'replace');
      await enter();
    } catch (thrown) {
      this.#show(thrown);
    } finally {
      this.isBusy = false;
    }
  }

  #show(thrown: unknown): void {
    const problems = thrown instanceof Problem ? thrown.errors : [];
    const placed = placeErrors(problems, ['name', 'password']);
    this.errors = placed.byField;
    const isSaid = Object.keys(placed.byField).length > 0 && placed.rest.length === 0;
    this.failure = isSaid ? '' : sentenceOf(thrown);
  }
}

define('app-setup-page', SetupPage);
