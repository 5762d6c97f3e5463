/** Draws the fields of a form, each with label, help and error tied together for screen readers. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { icon } from '#widgets/icons.ts';
import './device-choice.ts';
import type { FieldErrors } from './field-errors.ts';
import { describedBy, renderNotes } from './field-notes.ts';
import type { Field } from './fields.ts';
import { helpOf } from './help-words.ts';
import { renderSourceChoice } from './source-choice.ts';
import { isAddressField } from './split-login.ts';
import { KEPT_SECRET, type Values } from './values.ts';

/** Text that came whole, not key by key. */
const PASTED = new Set(['insertFromPaste', 'insertFromDrop']);

/** What fields need to draw themselves. */
export interface FieldContext {
  values: Values;
  errors: FieldErrors;
  change(name: string, value: string | boolean): void;
  /** Calm words on what was done with a field, by its name. */
  hints?: Record<string, string>;
  /** Told when a field was pasted into or left. */
  settle?(name: string): void;
}

/** Draws one field. */
export function renderField(field: Field, context: FieldContext): TemplateResult {
  const error = context.errors[field.name];
  const id = `field-${field.name.replaceAll('.', '-')}`;
  if (field.type === 'switch') return renderSwitch(field, context, id, error);
  if (field.type === 'sources') {
    const chosen = String(context.values[field.name] ?? '');
    const change = (ids: string[]) => context.change(field.name, ids.join('\n'));
    const words = { id, label: field.label, help: helpOf(field), error };
    return renderSourceChoice(words, chosen.split('\n'), change);
  }
  return html`<div class="field ${error ? 'has-error' : ''} ${field.type === 'number' ? 'is-short' : ''}">
    <label for=${id}>${field.label}${field.isRequired || field.isAdvanced ? nothing : html` <span class="optional">optional</span>`}</label>
    ${renderInput(field, context, id, error)}
    ${field.type === 'device' ? renderDevices(field, context) : nothing}
    ${context.settle && isAddressField(field.name) ? renderHint(context.hints?.[field.name]) : nothing} ${renderNotes(id, helpOf(field), error)}
  </div>`;
}

/** Calm words at a field; always there, so that screen readers hear of words that come. */
export function renderHint(hint: string | undefined, sign: 'check' | 'info' = 'check'): TemplateResult {
  return html`<div role="status" class="hint is-${sign}">${hint ? html`<p>${icon(sign)}${hint}</p>` : nothing}</div>`;
}

function renderDevices({ name }: Field, { values, change }: FieldContext): TemplateResult {
  return html`<app-devices .chosen=${String(values[name] ?? '')} .pick=${(path: string) => change(name, path)}></app-devices>`;
}

function renderInput(
  field: Field,
  context: FieldContext,
  id: string,
  error: string | undefined,
): TemplateResult {
  const described = describedBy(id, helpOf(field), error);
  const value = String(context.values[field.name] ?? '');
  const invalid = error ? 'true' : nothing;
  const take = (event: Event) => context.change(field.name, (event.target as HTMLInputElement).value);
  if (field.type === 'select') {
    return html`<select id=${id} data-test=${id} aria-describedby=${described} aria-invalid=${invalid} @change=${take}>
      ${field.choices.map(choice => html`<option value=${choice.value} ?selected=${choice.value === value}>${choice.label}</option>`)}
    </select>`;
  }
  if (field.type === 'multiline' || field.type === 'list') {
    return html`<textarea id=${id} data-test=${id} rows="3" spellcheck="false" aria-describedby=${described}
      aria-invalid=${invalid} .value=${live(value)} @input=${take}></textarea>`;
  }
  const isSecret = field.type === 'password';
  return html`<input
    id=${id}
    data-test=${id}
    type=${isSecret ? 'password' : 'text'}
    inputmode=${field.type === 'number' ? 'decimal' : field.type === 'url' ? 'url' : nothing}
    autocomplete=${isSecret ? 'new-password' : 'off'}
    autocapitalize="off"
    spellcheck="false"
    maxlength=${field.maxLength ?? nothing}
    placeholder=${placeholderOf(field)}
    ?required=${field.isRequired}
    aria-describedby=${described}
    aria-invalid=${invalid}
    .value=${live(value)}
    @input=${(event: InputEvent) => {
      take(event);
      if (PASTED.has(event.inputType)) context.settle?.(field.name);
    }}
    @change=${() => context.settle?.(field.name)}
    @focus=${(event: Event) => isSecret && value === KEPT_SECRET && (event.target as HTMLInputElement).select()}
  />`;
}

function placeholderOf(field: Field): string {
  return field.default === undefined || field.default === null ? '' : String(field.default);
}

function renderSwitch(
  field: Field,
  context: FieldContext,
  id: string,
  error: string | undefined,
): TemplateResult {
  return renderToggle({
    id,
    label: field.label,
    help: helpOf(field),
    error,
    isOn: context.values[field.name] === true,
    change: isOn => context.change(field.name, isOn),
  });
}

/** A switch with label and help beside it. */
export function renderToggle(toggle: {
  id: string;
  label: string;
  help: string;
  error?: string | undefined;
  isOn: boolean;
  isDisabled?: boolean;
  change(isOn: boolean): void;
}): TemplateResult {
  const { id, label, help, error } = toggle;
  return html`<div class="field is-switch ${error ? 'has-error' : ''}">
    <div>
      <label for=${id}>${label}</label>
      ${renderNotes(id, help, error)}
    </div>
    <input
      id=${id}
      data-test=${id}
      class="switch"
      type="checkbox"
      role="switch"
      ?disabled=${toggle.isDisabled === true}
      .checked=${live(toggle.isOn)}
      aria-describedby=${describedBy(id, help, error)}
      @change=${(event: Event) => toggle.change((event.target as HTMLInputElement).checked)}
    />
  </div>`;
}
