/** Finding cameras in the network: one button, what is found while it is looked for, and one click to add. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import '#app/find/found-card.ts';
import { ADVICE, addressGap, addressHelp, inOrder, scanWords, shareOf } from '#app/find/find-words.ts';
import { Search } from '#app/find/search.ts';
import type { Scan, Subnet } from '#app/find/shapes.ts';
import { describedBy, renderNotes } from '#app/forms/field-notes.ts';
import { hub, may } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { go, linkTo } from '#app/navigate.ts';
import { renderEmpty, renderNotice, renderSkeleton } from '#app/parts/blocks.ts';
import { say } from '#app/parts/toasts.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import type { Source } from '#widgets/shapes.ts';

const OTHER = 'other';

class FindPage extends LightElement {
  static override properties = { choice: { state: true }, written: { state: true }, gap: { state: true } };

  /** A network of the hub, or `other`; undefined: the first. */
  declare choice: string | undefined;
  declare written: string;
  /** What is missing before a search can begin. */
  declare gap: string;
  readonly #search = new Search(this);

  constructor() {
    super();
    this.written = '';
    this.gap = '';
  }

  override render(): TemplateResult {
    if (hub.value.me && !may('admin')) {
      return html`<div class="page">${renderEmpty({
        icon: 'key',
        title: 'Only admins look for cameras',
        text: 'Ask somebody who looks after this hub.',
      })}</div>`;
    }
    const { subnets, failure, scan, isRefused } = this.#search;
    const isClear = !isRefused && this.gap === '';
    return html`<div class="page">
      <header class="page-head">
        <a class="icon-button" href=${linkTo({ page: 'add', kind: undefined })} aria-label="Back to adding">${icon('left')}</a>
        <h1>Find cameras</h1>
        <p class="lead">The hub looks for cameras in its own network. Nothing is sent outside, and no password is tried.</p>
      </header>
      ${subnets ? this.#renderStart(subnets) : failure ? nothing : renderSkeleton(2)}
      ${failure ? renderNotice('bad', failure) : nothing} ${scan && isClear ? this.#renderProgress(scan) : nothing}
      ${subnets && isClear ? this.#renderFound() : nothing}
    </div>`;
  }

  #renderStart(subnets: Subnet[]): TemplateResult {
    const { isRunning, isStarting } = this.#search;
    const isOther = this.#choice === OTHER;
    return html`<form class="find-start card" novalidate @submit=${this.#start}>
      <div class="field">
        <label for="subnet">Network</label>
        <select id="subnet" data-test="subnet" ?disabled=${isRunning} @change=${(event: Event) => {
          this.choice = (event.target as HTMLSelectElement).value;
          this.#forgive();
        }}>
          ${subnets.map(({ cidr, name }) => html`<option value=${cidr} ?selected=${cidr === this.#choice}>${cidr} (${name})</option>`)}
          <option value=${OTHER} ?selected=${isOther}>Another one…</option>
        </select>
      </div>
      ${isOther ? this.#renderWritten(subnets, isRunning) : nothing}
      <div class="actions">
        ${
          isRunning
            ? html`<button type="button" class="button" data-test="find-stop" @click=${() => this.#search.cancel()}>Stop</button>`
            : html`<button type="submit" class="button is-primary" data-test="find" ?disabled=${isStarting}>
                ${icon('search')}${this.#search.scan ? 'Look again' : 'Look for cameras'}
              </button>`
        }
      </div>
    </form>`;
  }

  #renderWritten(subnets: Subnet[], isRunning: boolean): TemplateResult {
    const { gap } = this;
    return html`<div class="field ${gap ? 'has-error' : ''}">
      <label for="written">Addresses</label>
      <input id="written" data-test="written" inputmode="decimal" autocomplete="off" spellcheck="false" placeholder="192.168.1.0/24"
        aria-describedby=${describedBy('written', addressHelp(subnets), gap)} aria-invalid=${gap ? 'true' : nothing} ?disabled=${isRunning} .value=${this.written} @input=${(
          event: Event,
        ) => {
          this.written = (event.target as HTMLInputElement).value;
          this.#forgive();
        }} />
      ${renderNotes('written', addressHelp(subnets), gap)}
    </div>`;
  }

  #renderProgress(scan: Scan): TemplateResult {
    const percent = Math.round(shareOf(scan) * 100);
    const isRunning = scan.status === 'running';
    return html`<section class="find-progress" aria-label="Search">
      ${
        isRunning
          ? html`<div class="bar" role="progressbar" aria-label="Search" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent}>
              <i style=${`width: ${percent}%`}></i>
            </div>`
          : nothing
      }
      <p role="status" aria-live="polite" data-test="find-words">${scanWords(scan)}</p>
      ${isRunning ? nothing : scan.notes.map(note => renderNotice('info', note))}
    </section>`;
  }

  #renderFound(): TemplateResult {
    const { found, scan, isRunning } = this.#search;
    if (found.length > 0) {
      return html`<div class="found-list">
        ${repeat(
          inOrder(found),
          one => one.id,
          one => html`<app-found-card .found=${one} @added=${this.#added}></app-found-card>`,
        )}
      </div>`;
    }
    if (!scan || isRunning) return html`${nothing}`;
    return renderEmpty({
      icon: 'search',
      title: 'No camera answered',
      text: ADVICE.join(' '),
      actions: html`<a class="button" href=${linkTo({ page: 'add', kind: undefined })}>Add it by its address</a>`,
    });
  }

  get #choice(): string {
    return this.choice ?? this.#search.subnets?.[0]?.cidr ?? OTHER;
  }

  readonly #start = (event: Event): void => {
    event.preventDefault();
    const subnet = this.#choice === OTHER ? this.written.trim() : this.#choice;
    this.gap = subnet === '' ? addressGap(this.#search.subnets ?? []) : '';
    if (this.gap === '') void this.#search.start(subnet);
    else this.querySelector<HTMLElement>('#written')?.focus();
  };

  #forgive(): void {
    this.gap = '';
    this.#search.forgive();
  }

  readonly #added = (event: CustomEvent<Source>): void => {
    say(`${event.detail.name} was added.`);
    go({ page: 'wall' });
  };
}

define('app-find-page', FindPage);
