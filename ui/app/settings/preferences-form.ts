/** `<app-preferences>`: a part of the hub's preferences as a form, drawn from the hub's own schema. */
import { html, nothing, type TemplateResult } from 'lit';
import { type FieldErrors, placeErrors } from '#app/forms/field-errors.ts';
import { renderField } from '#app/forms/field-view.ts';
import { type Field, fieldsOf, type Schema } from '#app/forms/fields.ts';
import { fromValues, toValues, type Values } from '#app/forms/values.ts';
import { hub } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { Problem, request, sentenceOf } from '#app/net/request.ts';
import { renderNotice } from '#app/parts/blocks.ts';
import { Loaded } from '#app/parts/loaded.ts';
import { say } from '#app/parts/toasts.ts';
import { Unsaved } from '#app/parts/unsaved.ts';
import { define } from '#widgets/define.ts';

type Preferences = Record<string, unknown> & { name: string; isPaused: boolean };

class PreferencesForm extends LightElement {
  static override properties = {
    fits: { attribute: false },
    values: { state: true },
    errors: { state: true },
    failure: { state: true },
    isBusy: { state: true },
  };

  /** Which fields are shown. */
  declare fits: (field: Field) => boolean;
  /** What was typed; undefined until something is. */
  declare values: Values | undefined;
  declare errors: FieldErrors;
  declare failure: string;
  declare isBusy: boolean;
  readonly #stored = new Loaded(this, async () => {
    const [schema, preferences] = await Promise.all([
      request<Schema>('GET', 'api/settings/schema'),
      request<Preferences>('GET', 'api/settings'),
    ]);
    return { fields: fieldsOf(schema), preferences };
  });

  constructor() {
    super();
    new Unsaved(this, () => this.values !== undefined);
    this.fits = () => true;
    this.errors = {};
    this.failure = '';
    this.isBusy = false;
  }

  override render(): TemplateResult {
    return this.#stored.render(({ fields, preferences }) => {
      const shown = fields.filter(this.fits);
      const values = this.values ?? toValues(shown, preferences);
      const change = (name: string, value: string | boolean) => {
        this.values = { ...values, [name]: value };
      };
      return html`<form novalidate @submit=${(event: Event) => this.#save(event, shown, values)}>
        ${this.failure ? renderNotice('bad', this.failure) : nothing}
        ${shown.map(field => renderField({ ...field, isRequired: true }, { values, errors: this.errors, change }))}
        <div class="actions">
          <button type="submit" class="button is-primary" data-test="save-preferences" ?disabled=${this.isBusy || !this.values}>
            ${this.isBusy ? 'Saving…' : 'Save'}
          </button>
          ${this.values ? html`<button type="button" class="button" @click=${this.#undo}>Undo</button>` : nothing}
        </div>
      </form>`;
    });
  }

  readonly #undo = (): void => {
    this.values = undefined;
    this.errors = {};
    this.failure = '';
  };

  async #save(event: Event, fields: Field[], values: Values): Promise<void> {
    event.preventDefault();
    this.isBusy = true;
    this.errors = {};
    this.failure = '';
    try {
      const preferences = await request<Preferences>('PATCH', 'api/settings', fromValues(fields, values));
      this.#stored.change(stored => ({ ...stored, preferences }));
      this.values = undefined;
      hub.set({ name: preferences.name, isPaused: preferences.isPaused });
      this.dispatchEvent(new Event('saved'));
      say('Saved.');
    } catch (thrown) {
      await this.#refused(thrown, fields);
    } finally {
      this.isBusy = false;
    }
  }

  async #refused(thrown: unknown, fields: Field[]): Promise<void> {
    const problems = thrown instanceof Problem ? thrown.errors : [];
    const placed = placeErrors(
      problems,
      fields.map(field => field.name),
    );
    this.errors = placed.byField;
    const isSaid = Object.keys(placed.byField).length > 0 && placed.rest.length === 0;
    this.failure = isSaid ? '' : sentenceOf(thrown);
    await this.updateComplete;
    this.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }
}

define('app-preferences', PreferencesForm);
