/** A password field: its hint, its error, all tied together for screen readers. */
import { html, nothing, type TemplateResult } from 'lit';
import { describedBy } from '#app/forms/field-notes.ts';
import type { PasswordHint } from '#app/forms/password-hint.ts';

/** Draws a password field with its hint. */
export function renderPassword(field: {
  id: string;
  label: string;
  autocomplete: 'new-password' | 'current-password';
  value: string;
  error?: string | undefined;
  hint?: PasswordHint;
  change(value: string): void;
}): TemplateResult {
  const { id, error } = field;
  // What is wrong says already what the hint would.
  const hint = error ? undefined : field.hint;
  return html`<div class="field ${error ? 'has-error' : ''}">
    <label for=${id}>${field.label}</label>
    <input
      id=${id}
      data-test=${id}
      type="password"
      autocomplete=${field.autocomplete}
      required
      aria-describedby=${describedBy(id, hint?.sentence ?? '', error)}
      aria-invalid=${error ? 'true' : nothing}
      .value=${field.value}
      @input=${(event: Event) => field.change((event.target as HTMLInputElement).value)}
    />
    ${
      hint
        ? html`<div class="strength" data-steps=${hint.steps} aria-hidden="true"><i></i><i></i><i></i></div>
            <p class="help" id="${id}-help" aria-live="polite">${hint.sentence}</p>`
        : nothing
    }
    ${error ? html`<p class="error" id="${id}-error">${error}</p>` : nothing}
  </div>`;
}
