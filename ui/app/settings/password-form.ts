/** `<app-password-form>`: changes one's own password. */
import { html, nothing, type TemplateResult } from 'lit';
import { type FieldErrors, placeErrors, withoutError } from '#app/forms/field-errors.ts';
import { passwordHint } from '#app/forms/password-hint.ts';
import { LightElement } from '#app/light-element.ts';
import { Problem, request, sentenceOf } from '#app/net/request.ts';
import { renderNotice } from '#app/parts/blocks.ts';
import { renderPassword } from '#app/parts/password-field.ts';
import { say } from '#app/parts/toasts.ts';
import { define } from '#widgets/define.ts';

/** Fires `changed`. */
class PasswordForm extends LightElement {
  static override properties = {
    current: { state: true },
    password: { state: true },
    errors: { state: true },
    failure: { state: true },
    isBusy: { state: true },
  };

  declare current: string;
  declare password: string;
  declare errors: FieldErrors;
  declare failure: string;
  declare isBusy: boolean;

  constructor() {
    super();
    this.current = '';
    this.password = '';
    this.errors = {};
    this.failure = '';
    this.isBusy = false;
  }

  override render(): TemplateResult {
    return html`<form novalidate @submit=${this.#save}>
      ${this.failure ? renderNotice('bad', this.failure) : nothing}
      ${renderPassword({
        id: 'password-current',
        label: 'Current password',
        autocomplete: 'current-password',
        value: this.current,
        error: this.errors['current'],
        change: value => {
          this.current = value;
        },
      })}
      ${renderPassword({
        id: 'password-new',
        label: 'New password',
        autocomplete: 'new-password',
        value: this.password,
        error: this.errors['password'],
        hint: passwordHint(this.password),
        change: value => {
          this.password = value;
          this.errors = withoutError(this.errors, 'password');
        },
      })}
      <div class="actions">
        <button type="submit" class="button" data-test="password-save" ?disabled=${this.isBusy}>Change password</button>
      </div>
    </form>`;
  }

  readonly #save = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.isBusy = true;
    this.errors = {};
    this.failure = '';
    try {
      await request('POST', 'api/auth/me/password', { current: this.current, password: this.password });
      this.current = '';
      this.password = '';
      say('Your password is changed.');
      this.dispatchEvent(new CustomEvent('changed'));
    } catch (thrown) {
      this.#refused(thrown);
    } finally {
      this.isBusy = false;
    }
  };

  #refused(thrown: unknown): void {
    const isWrong = thrown instanceof Problem && thrown.code === 'login-failed';
    if (isWrong) {
      this.errors = { current: 'This is not your current password.' };
      return;
    }
    const placed = placeErrors(thrown instanceof Problem ? thrown.errors : [], ['current', 'password']);
    this.errors = placed.byField;
    this.failure = Object.keys(placed.byField).length > 0 ? '' : sentenceOf(thrown);
  }
}

define('app-password-form', PasswordForm);
