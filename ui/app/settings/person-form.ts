/** `<app-person-form>`: a person's name, password and rights. */
import { html, nothing, type TemplateResult } from 'lit';
import { type FieldErrors, placeErrors, withoutError } from '#app/forms/field-errors.ts';
import { passwordHint } from '#app/forms/password-hint.ts';
import { LightElement } from '#app/light-element.ts';
import { Problem, request, sentenceOf } from '#app/net/request.ts';
import { renderNotice } from '#app/parts/blocks.ts';
import { renderPassword } from '#app/parts/password-field.ts';
import { Unsaved } from '#app/parts/unsaved.ts';
import { define } from '#widgets/define.ts';
import { type Access, accessBody, renderAccess } from './access-fields.ts';
import type { User } from './shapes.ts';

/** Fires `saved` (detail: User) and `cancel`. */
class PersonForm extends LightElement {
  static override properties = {
    person: { attribute: false },
    name: { state: true },
    password: { state: true },
    access: { state: true },
    errors: { state: true },
    failure: { state: true },
    isBusy: { state: true },
  };

  /** Undefined for a new person. */
  declare person: User | undefined;
  declare name: string;
  declare password: string;
  declare access: Access;
  declare errors: FieldErrors;
  declare failure: string;
  declare isBusy: boolean;

  constructor() {
    super();
    new Unsaved(this, () => this.password !== '' || this.name !== (this.person?.name ?? ''));
    this.name = '';
    this.password = '';
    this.access = { role: 'viewer', groups: null };
    this.errors = {};
    this.failure = '';
    this.isBusy = false;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('person') || !this.person) return;
    this.name = this.person.name;
    this.access = { role: this.person.role, groups: this.person.groups };
  }

  override firstUpdated(): void {
    this.querySelector('input')?.focus();
  }

  override render(): TemplateResult {
    const { errors, person } = this;
    return html`<form class="inner-form" novalidate aria-label=${person ? `Change ${person.name}` : 'Add a person'} @submit=${this.#save}>
      ${this.failure ? renderNotice('bad', this.failure) : nothing}
      <div class="field ${errors['name'] ? 'has-error' : ''}">
        <label for="person-name">Name</label>
        <input id="person-name" data-test="person-name" autocomplete="off" autocapitalize="off" maxlength="60" .value=${this.name}
          aria-describedby=${errors['name'] ? 'person-name-error' : nothing} aria-invalid=${errors['name'] ? 'true' : nothing}
          @input=${(event: Event) => {
            this.name = (event.target as HTMLInputElement).value;
          }} />
        ${errors['name'] ? html`<p class="error" id="person-name-error">${errors['name']}</p>` : nothing}
      </div>
      ${renderPassword({
        id: 'person-password',
        label: person ? 'New password (empty: stays)' : 'Password',
        autocomplete: 'new-password',
        value: this.password,
        error: errors['password'],
        hint: passwordHint(this.password),
        change: value => {
          this.password = value;
          this.errors = withoutError(this.errors, 'password');
        },
      })}
      ${renderAccess(this.access, access => {
        this.access = access;
      })}
      <div class="actions">
        <button type="submit" class="button is-primary" data-test="person-save" ?disabled=${this.isBusy}>${person ? 'Save' : 'Add'}</button>
        <button type="button" class="button" @click=${() => this.dispatchEvent(new CustomEvent('cancel'))}>Cancel</button>
      </div>
    </form>`;
  }

  readonly #save = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.isBusy = true;
    this.failure = '';
    this.errors = {};
    const password = this.password === '' && this.person ? {} : { password: this.password };
    const body = { name: this.name.trim(), ...password, ...accessBody(this.access) };
    try {
      const saved = this.person
        ? await request<User>('PATCH', `api/users/${this.person.id}`, body)
        : await request<User>('POST', 'api/users', body);
      this.dispatchEvent(new CustomEvent('saved', { detail: saved }));
    } catch (thrown) {
      const placed = placeErrors(thrown instanceof Problem ? thrown.errors : [], ['name', 'password']);
      this.errors = placed.byField;
      this.failure = Object.keys(placed.byField).length > 0 ? '' : sentenceOf(thrown);
      await this.updateComplete;
      this.querySelector<HTMLElement>('[aria-invalid]')?.focus();
    } finally {
      this.isBusy = false;
    }
  };
}

define('app-person-form', PersonForm);
