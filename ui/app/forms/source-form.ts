/** `<app-source-form>`: everything about a source, for a new one and for a stored one. */
import { html, nothing, type TemplateResult } from 'lit';
import './try-panel.ts';
import { hub, may } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { linkTo } from '#app/navigate.ts';
import { Problem, request, sentenceOf } from '#app/net/request.ts';
import { afterPress } from '#app/parts/after-press.ts';
import { renderNotice } from '#app/parts/blocks.ts';
import { Unsaved } from '#app/parts/unsaved.ts';
import { define } from '#widgets/define.ts';
import type { KindInfo, Source } from '#widgets/shapes.ts';
import { type FieldErrors, placeErrors } from './field-errors.ts';
import { restWith, sleepersOf } from './sleepers.ts';
import {
  bodyOf,
  draftOf,
  editableBody,
  namedDraft,
  newDraft,
  optionFields,
  type SourceDraft,
} from './source-draft.ts';
import { renderBasics, renderMore, renderOptions } from './source-sections.ts';
import { ADDRESS_FIELDS, moveLogin } from './split-login.ts';
import { findGaps } from './values.ts';

/** Field paths outside the options, for the findings of the hub. */
const OWN_FIELDS = ['name', 'schedule', 'groups', 'tags', 'notes', 'keep.every', 'keep.newest', 'privacy'];

/** Fires `saved` (detail: Source). */
class SourceForm extends LightElement {
  static override properties = {
    kind: { attribute: false },
    source: { attribute: false },
    address: {},
    draft: { state: true },
    errors: { state: true },
    hints: { state: true },
    failure: { state: true },
    isBusy: { state: true },
  };

  declare kind: KindInfo;
  /** The stored source; undefined makes a new one. */
  declare source: Source | undefined;
  /** An address that was pasted before the kind was chosen. */
  declare address: string;
  declare draft: SourceDraft | undefined;
  declare errors: FieldErrors;
  /** Calm words at fields. */
  declare hints: Record<string, string>;
  declare failure: string;
  declare isBusy: boolean;
  /** The draft as it was before anybody typed. */
  #untouched = '';

  constructor() {
    super();
    new Unsaved(this, () => enteredOf(this.draft) !== this.#untouched);
    this.address = '';
    this.errors = {};
    this.hints = {};
    this.failure = '';
    this.isBusy = false;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('kind') && !changed.has('source')) return;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    this.draft = this.source
      ? draftOf(this.source, this.kind, zone)
      : newDraft(this.kind, zone, this.address);
    this.errors = {};
    this.hints = {};
    this.failure = '';
    this.#settleAll();
    this.#untouched = enteredOf(this.draft);
  }

  /** Names that are given already. */
  get #taken(): string[] {
    return hub.value.sources.filter(({ id }) => id !== this.source?.id).map(({ name }) => name);
  }

  readonly #settle = (name: string): void => {
    const moved = this.draft && moveLogin(this.draft.values, name);
    if (!moved) return;
    this.#change({ values: moved.values });
    this.hints = { ...this.hints, [name]: moved.sentence };
  };

  #settleAll(): void {
    for (const name of ADDRESS_FIELDS) this.#settle(name);
  }

  readonly #change = (part: Partial<SourceDraft>): void => {
    const { draft, kind } = this;
    if (draft) this.draft = restWith(draft, { ...draft, ...part }, kind, hub.value.sources);
  };

  override render(): TemplateResult | typeof nothing {
    const { draft, kind, errors, hints } = this;
    if (!draft) return nothing;
    const view = {
      ...{ draft, kind, errors, hints, taken: this.#taken },
      sleepers: sleepersOf(draft, kind, hub.value.sources),
      change: this.#change,
      settle: (name: string) => afterPress(() => this.#settle(name)),
    };
    const isWhole = may('admin');
    return html`<form class="source-form ${isWhole ? 'has-try' : ''}" novalidate @submit=${this.#submit}>
      ${this.failure ? renderNotice('bad', this.failure) : nothing} ${isWhole ? renderOptions(view) : nothing}
      ${
        isWhole
          ? html`<app-try
              .prepare=${this.#prepareTry}
              @tried=${(event: CustomEvent<string>) => this.#change({ learnedName: event.detail })}
              @refused=${(event: CustomEvent<Problem>) => this.#place(event.detail)}
            ></app-try>`
          : nothing
      }
      ${renderBasics(view, isWhole)} ${renderMore(view, isWhole)}
      <div class="actions form-end">
        <button type="submit" class="button is-primary" data-test="save" ?disabled=${this.isBusy}>${this.#verb}</button>
        <a class="button" href=${this.#wayBack}>Cancel</a>
      </div>
    </form>`;
  }

  get #verb(): string {
    if (this.isBusy) return 'Saving…';
    if (this.source) return 'Save';
    if (this.kind.family === 'website') return 'Add website';
    if (this.kind.id === 'wall') return 'Add wall';
    return /camera/i.test(this.kind.title) ? 'Add camera' : 'Add source';
  }

  get #wayBack(): string {
    if (this.source) return linkTo({ page: 'source', id: this.source.id, tab: 'pictures' });
    return linkTo({ page: 'add', kind: undefined });
  }

  #showGaps(): boolean {
    const { draft, kind } = this;
    if (!draft || !may('admin')) return false;
    const gaps = findGaps(optionFields(kind), draft.values);
    this.errors = placeErrors(gaps, this.#fieldNames).byField;
    if (gaps.length > 0) void this.#goToError();
    return gaps.length > 0;
  }

  get #fieldNames(): string[] {
    return [...OWN_FIELDS, ...optionFields(this.kind).map(field => field.name)];
  }

  readonly #prepareTry = (): Record<string, unknown> | undefined => {
    this.#settleAll();
    const { draft, kind, source } = this;
    if (!draft || this.#showGaps()) return undefined;
    return bodyOf(namedDraft(draft, kind, this.#taken), kind, source);
  };

  #place(problem: Problem): void {
    const placed = placeErrors(problem.errors, this.#fieldNames);
    this.errors = placed.byField;
    if (Object.keys(placed.byField).length > 0) void this.#goToError();
  }

  /** Opens what hides the first wrong field and goes there. */
  async #goToError(): Promise<void> {
    await this.updateComplete;
    const field = this.querySelector<HTMLElement>('.has-error');
    const fold = field?.closest('details');
    if (fold) fold.open = true;
    field?.querySelector<HTMLElement>('input, select, textarea')?.focus();
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    this.#settleAll();
    const { draft, kind } = this;
    if (!draft || this.isBusy || this.#showGaps()) return;
    this.isBusy = true;
    this.failure = '';
    this.errors = {};
    try {
      const named = namedDraft(draft, kind, this.#taken);
      const saved = await this.#send(named);
      this.#untouched = enteredOf(this.draft);
      this.dispatchEvent(new CustomEvent('saved', { detail: saved }));
    } catch (thrown) {
      this.#refused(thrown);
    } finally {
      this.isBusy = false;
    }
  }

  #send(draft: SourceDraft): Promise<Source> {
    const { source, kind } = this;
    if (!source) return request<Source>('POST', 'api/sources', bodyOf(draft, kind));
    const path = `api/sources/${source.id}`;
    if (!may('admin')) return request<Source>('PATCH', path, editableBody(draft));
    return request<Source>('PUT', path, bodyOf(draft, kind, source));
  }

  #refused(thrown: unknown): void {
    const problem = thrown instanceof Problem ? thrown : undefined;
    if (problem) this.#place(problem);
    const placed = placeErrors(problem?.errors ?? [], this.#fieldNames);
    const isSaid = Object.keys(placed.byField).length > 0 && placed.rest.length === 0;
    this.failure = isSaid ? '' : sentenceOf(thrown);
    if (this.failure) this.scrollIntoView({ block: 'start' });
    if (problem?.code === 'away') hub.set({ isReachable: false });
  }
}

/** What people entered, to be compared; a name that a try brought along is nobody's work. */
function enteredOf(draft: SourceDraft | undefined): string {
  return JSON.stringify({ ...draft, learnedName: '' });
}

define('app-source-form', SourceForm);
