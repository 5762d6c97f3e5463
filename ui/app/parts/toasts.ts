/** Short messages that come and go at the edge of the page, read politely by screen readers. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { Store, Watch } from '#app/hub/store.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';

interface Toast {
  id: number;
  sentence: string;
  tone: 'good' | 'bad' | 'plain';
  action: { label: string; run: () => void } | undefined;
}

const SHOWN_MS = 6000;
const toasts = new Store<{ list: Toast[] }>({ list: [] });
let lastId = 0;

/** Says that something worked, or that it did not. */
export function say(sentence: string, tone: 'good' | 'bad' = 'good'): void {
  const id = show({ sentence, tone, action: undefined });
  setTimeout(() => close(id), tone === 'bad' ? SHOWN_MS * 2 : SHOWN_MS);
}

/** Says something with a button; it stays until it is closed. */
export function sayWithAction(sentence: string, label: string, run: () => void): void {
  show({ sentence, tone: 'plain', action: { label, run } });
}

function show(toast: Omit<Toast, 'id'>): number {
  lastId += 1;
  const same = toasts.value.list.filter(other => other.sentence !== toast.sentence);
  toasts.set({ list: [...same, { ...toast, id: lastId }].slice(-3) });
  return lastId;
}

function close(id: number): void {
  toasts.set({ list: toasts.value.list.filter(toast => toast.id !== id) });
}

class Toasts extends LitElement {
  constructor() {
    super();
    new Watch(this, toasts);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    return html`<div class="toasts" role="status" aria-live="polite">
      ${repeat(
        toasts.value.list,
        toast => toast.id,
        toast => html`<div class="toast is-${toast.tone}" data-test="toast">
          ${toast.tone === 'plain' ? nothing : icon(toast.tone === 'good' ? 'check' : 'alert')}
          <p>${toast.sentence}</p>
          ${
            toast.action
              ? html`<button type="button" class="button is-small is-primary" @click=${toast.action.run}>${toast.action.label}</button>`
              : nothing
          }
          <button type="button" class="icon-button" aria-label="Close message" @click=${() => close(toast.id)}>${icon('close')}</button>
        </div>`,
      )}
    </div>`;
  }
}

define('app-toasts', Toasts);
