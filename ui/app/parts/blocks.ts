/** Small pieces that several pages draw: empty states, notices, page heads, copy fields. */
import { html, nothing, type TemplateResult } from 'lit';
import { withLinks } from '#app/parts/place-links.ts';
import { say } from '#app/parts/toasts.ts';
import { type IconName, icon } from '#widgets/icons.ts';

/** Says what is not there yet and what to do next. */
export function renderEmpty(empty: {
  icon: IconName;
  title: string;
  text: string;
  actions?: TemplateResult;
}): TemplateResult {
  return html`<div class="empty-state">
    <span class="empty-icon">${icon(empty.icon)}</span>
    <h2>${empty.title}</h2>
    <p>${empty.text}</p>
    ${empty.actions ? html`<div class="actions">${empty.actions}</div>` : nothing}
  </div>`;
}

/** A notice in the page. */
export function renderNotice(tone: 'good' | 'bad' | 'info', body: TemplateResult | string): TemplateResult {
  const sign: IconName = tone === 'good' ? 'check' : tone === 'bad' ? 'alert' : 'info';
  return html`<div class="notice is-${tone}" role=${tone === 'bad' ? 'alert' : nothing}>${icon(sign)}<div>${typeof body === 'string' ? withLinks(body) : body}</div></div>`;
}

/** Grey bars while something loads. */
export function renderSkeleton(rows: number): TemplateResult {
  return html`<div class="skeleton" aria-hidden="true">${Array.from({ length: rows }, () => html`<i></i>`)}</div>
    <p class="visually-hidden" role="status">Loading…</p>`;
}

/** A value that people paste elsewhere, with a button that copies it. */
export function renderCopy(label: string, value: string, help = ''): TemplateResult {
  const id = `copy-${label.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  return html`<div class="field copy">
    <label for=${id}>${label}</label>
    <div class="copy-row">
      <input id=${id} readonly .value=${value} aria-describedby=${help ? `${id}-help` : nothing} @focus=${(event: Event) => (event.target as HTMLInputElement).select()} />
      <button type="button" class="button" aria-label=${`Copy ${label}`} @click=${() => copyText(value)}>${icon('copy')}<span>Copy</span></button>
    </div>
    ${help ? html`<p class="help" id="${id}-help">${withLinks(help)}</p>` : nothing}
  </div>`;
}

/** Copies text, also where the page is not served over HTTPS and the clipboard API is missing. */
export async function copyText(text: string): Promise<void> {
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else if (!copyBySelection(text)) throw new Error('refused');
    say('Copied.');
  } catch {
    say('The browser did not allow copying. Select the text and copy it by hand.', 'bad');
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('aria-hidden', 'true');
  area.style.position = 'fixed';
  area.style.opacity = '0';
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isDone;
}
