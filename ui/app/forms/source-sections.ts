/** The sections of a source's form: what the kind needs, the basics, and what most people leave as it is. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { icon } from '#widgets/icons.ts';
import type { KindInfo } from '#widgets/shapes.ts';
import type { FieldErrors } from './field-errors.ts';
import { describedBy, renderNotes } from './field-notes.ts';
import { type FieldContext, renderField, renderHint, renderToggle } from './field-view.ts';
import type { Field } from './fields.ts';
import { renderGroups } from './group-choice.ts';
import { renderSchedulePicker } from './schedule-picker.ts';
import { sleepersHint } from './sleepers.ts';
import { optionFields, type SourceDraft, shownName } from './source-draft.ts';
import { suggestName } from './source-name.ts';
import { isAddressField } from './split-login.ts';

/** What a section needs. */
export interface SourceFormView {
  draft: SourceDraft;
  kind: KindInfo;
  errors: FieldErrors;
  hints: Record<string, string>;
  /** Names of other sources. */
  taken: readonly string[];
  /** Names of chosen sources that sleep until somebody looks. */
  sleepers: readonly string[];
  change(part: Partial<SourceDraft>): void;
  settle(name: string): void;
}

function fieldContext({ draft, errors, hints, change, settle }: SourceFormView): FieldContext {
  return {
    ...{ values: draft.values, errors, hints, settle },
    change: (name, value) =>
      change({
        values: { ...draft.values, [name]: value },
        // Another place calls itself otherwise.
        ...(isAddressField(name) ? { learnedName: '' } : {}),
      }),
  };
}

/** The options that the kind cannot do without. */
export function renderOptions(view: SourceFormView): TemplateResult {
  const fields = optionFields(view.kind).filter(field => !field.isAdvanced);
  return html`<section class="card" aria-label="Where the pictures come from">
    <h2>Where the pictures come from</h2>
    <p class="soft">${view.kind.description}</p>
    ${fields.map(field => renderField(field, fieldContext(view)))}
    ${renderFiner(view, 'more-options', 'More settings', field => !field.isLiveOnly)}
  </section>`;
}

/** Options that most people leave as they are, folded; those that are only switched stand last. */
function renderFiner(
  view: SourceFormView,
  name: string,
  title: string,
  isWanted: (field: Field) => boolean,
): TemplateResult | typeof nothing {
  const finer = optionFields(view.kind).filter(field => field.isAdvanced && isWanted(field));
  const isSwitch = (field: Field) => field.type === 'switch';
  const fields = [...finer.filter(field => !isSwitch(field)), ...finer.filter(isSwitch)];
  if (fields.length === 0) return nothing;
  return html`<details class="more" data-test=${name}>
    <summary>${icon('down')}${title}</summary>
    <div class="field-pair">${fields.map(field => renderField(field, fieldContext(view)))}</div>
  </details>`;
}

/** True when the source is looked at for as long as somebody wants: only then some options matter. */
function isLive({ schedule }: SourceDraft): boolean {
  return schedule.manner === 'live' || schedule.manner === 'on-demand';
}

/** Name and times, and what matters only for live pictures. */
export function renderBasics(view: SourceFormView, isWhole: boolean): TemplateResult {
  const { draft, kind, errors, change } = view;
  return html`<section class="card" aria-label="Name and times">
    <h2>Name and times</h2>
    <p class="soft">How it is called here and in Home Assistant, and how often it is looked at.</p>
    ${renderText(view, {
      id: 'name',
      label: 'Name',
      help: '',
      value: shownName(draft, kind, view.taken),
      placeholder: suggestName(draft, kind, view.taken),
      maxLength: 80,
      change: name => change({ name, isNamed: true }),
    })}
    ${renderSchedulePicker(draft.schedule, errors['schedule'], part =>
      change({ schedule: { ...draft.schedule, ...part } }),
    )}
    ${renderHint(sleepersHint(view.sleepers, draft.schedule.manner), 'info')}
    ${isWhole && isLive(draft) ? renderFiner(view, 'more-live', 'More about live pictures', field => field.isLiveOnly) : nothing}
  </section>`;
}

/** Groups, words to find it by, notes, what is kept, and who may see it. */
export function renderMore(view: SourceFormView, isWhole: boolean): TemplateResult {
  const { draft, change } = view;
  return html`<section class="card" aria-label="Groups and keeping">
    <h2>Groups and keeping</h2>
    <p class="soft">You can leave all of this as it is.</p>
    ${isWhole ? renderGroups(draft.groups, groups => change({ groups })) : nothing}
    <details class="more" data-test="more-keeping">
      <summary>${icon('down')}More settings</summary>
      <div>
        ${renderText(view, {
          id: 'tags',
          label: 'Tags',
          help: 'Words to find it by, separated by commas, such as outside, entrance.',
          value: draft.tags,
          change: tags => change({ tags }),
        })}
        ${renderNotesField(view)} ${isWhole ? renderKeeping(view) : nothing}
      </div>
    </details>
  </section>`;
}

function renderNotesField({ draft, errors, change }: SourceFormView): TemplateResult {
  return html`<div class="field ${errors['notes'] ? 'has-error' : ''}">
    <label for="field-notes">Notes</label>
    <textarea id="field-notes" rows="3" maxlength="2000" aria-describedby="field-notes-help" .value=${live(draft.notes)}
      @input=${(event: Event) => change({ notes: (event.target as HTMLTextAreaElement).value })}></textarea>
    ${renderNotes('field-notes', 'For people, such as where the camera hangs. The hub does not read it.', errors['notes'])}
  </div>`;
}

function renderKeeping(view: SourceFormView): TemplateResult {
  const { draft, change } = view;
  return html`<div class="field-pair">
      ${renderText(view, {
        id: 'keep.newest',
        label: 'Pictures to keep',
        help: 'Older ones are deleted. 0 keeps none. Starred pictures stay.',
        value: draft.keepNewest,
        inputMode: 'numeric',
        change: keepNewest => change({ keepNewest }),
      })}
      ${renderText(view, {
        id: 'keep.every',
        label: 'Keep one at most every',
        help: 'A time such as 30s, 5m or 1h.',
        value: draft.keepEvery,
        change: keepEvery => change({ keepEvery }),
      })}
    </div>
    ${renderToggle({
      id: 'field-hidden',
      label: 'Only admins may see its pictures',
      help: 'Others do not find it at all.',
      isOn: draft.isHidden,
      change: isHidden => change({ isHidden }),
    })}`;
}

interface TextField {
  id: string;
  label: string;
  help: string;
  value: string;
  placeholder?: string;
  inputMode?: 'numeric';
  maxLength?: number;
  change(value: string): void;
}

function renderText({ errors }: SourceFormView, field: TextField): TemplateResult {
  const error = errors[field.id];
  const id = `field-${field.id.replaceAll('.', '-')}`;
  return html`<div class="field ${error ? 'has-error' : ''}">
    <label for=${id}>${field.label}</label>
    <input
      id=${id}
      data-test=${id}
      autocomplete="off"
      inputmode=${field.inputMode ?? nothing}
      maxlength=${field.maxLength ?? nothing}
      placeholder=${field.placeholder ?? nothing}
      aria-describedby=${describedBy(id, field.help, error)}
      aria-invalid=${error ? 'true' : nothing}
      .value=${live(field.value)}
      @input=${(event: Event) => field.change((event.target as HTMLInputElement).value)}
    />
    ${renderNotes(id, field.help, error)}
  </div>`;
}
