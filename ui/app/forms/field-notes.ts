/** Help and errors of fields, tied to their inputs for screen readers. */
import { html, nothing, type TemplateResult } from 'lit';
import { withLinks } from '#app/parts/place-links.ts';

/** Help and error below an input; both are named by its aria-describedby. */
export function renderNotes(id: string, help: string, error: string | undefined): TemplateResult {
  return html`${help ? html`<p class="help" id="${id}-help">${help}</p>` : nothing}
    ${error ? html`<p class="error" id="${id}-error">${withLinks(error)}</p>` : nothing}`;
}

/** The ids for aria-describedby. */
export function describedBy(id: string, help: string, error: string | undefined): string | typeof nothing {
  const ids = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(part => part !== '');
  return ids.length > 0 ? ids.join(' ') : nothing;
}
