/** A source as its form holds it, and back to what is sent to the hub. */
import type { KindInfo, Source } from '#widgets/shapes.ts';
import { type Field, fieldsOf, type Schema } from './fields.ts';
import { fromChoice, type ScheduleChoice, toChoice } from './schedule-choice.ts';
import { suggestName } from './source-name.ts';
import { fromValues, mergeUnknown, toValues, type Values } from './values.ts';

/** What the form of a source holds. */
export interface SourceDraft {
  /** What somebody typed; while nothing was typed the suggested name counts. */
  name: string;
  isNamed: boolean;
  /** What the source calls itself, learned by a try; empty: nothing yet. */
  learnedName: string;
  /** Values of the kind's options by field name: `options.url`. */
  values: Values;
  schedule: ScheduleChoice;
  groups: string[];
  /** Separated by commas. */
  tags: string;
  notes: string;
  keepEvery: string;
  keepNewest: string;
  isHidden: boolean;
}

/** The fields of a kind, named as the hub names them in its findings: `options.url`. */
export function optionFields(kind: Pick<KindInfo, 'options'>): Field[] {
  return fieldsOf(kind.options as Schema, 'options');
}

/** The form for a new source; an address that was pasted before stands in its field. */
export function newDraft(kind: KindInfo, timezone: string, address: string): SourceDraft {
  const values = toValues(optionFields(kind), {});
  if (address !== '' && 'options.url' in values) values['options.url'] = address;
  return {
    name: '',
    isNamed: false,
    learnedName: '',
    values,
    schedule: toChoice(kind.schedule, timezone),
    groups: [],
    tags: '',
    notes: '',
    keepEvery: '1m',
    keepNewest: '200',
    isHidden: false,
  };
}

/** The form for a stored source. */
export function draftOf(source: Source, kind: KindInfo, timezone: string): SourceDraft {
  return {
    name: source.name,
    isNamed: true,
    learnedName: '',
    values: toValues(optionFields(kind), { options: source.options }),
    schedule: toChoice(source.schedule, timezone),
    groups: source.groups,
    tags: source.tags.join(', '),
    notes: source.notes,
    keepEvery: source.keep.every,
    keepNewest: String(source.keep.newest),
    isHidden: source.privacy.hidden,
  };
}

/** What is sent; of a stored source all that the form does not know is kept. */
export function bodyOf(draft: SourceDraft, kind: KindInfo, stored?: Source): Record<string, unknown> {
  const fields = optionFields(kind);
  const options = fromValues(fields, draft.values)['options'] as Record<string, unknown> | undefined;
  const known = new Set(fields.map(field => field.name.split('.')[1] ?? ''));
  return {
    ...stored,
    ...editableBody(draft),
    kind: kind.id,
    groups: draft.groups,
    options: mergeUnknown(stored?.options ?? {}, known, options ?? {}),
    keep: { every: draft.keepEvery.trim(), newest: numberOr(draft.keepNewest) },
    privacy: { hidden: draft.isHidden },
  };
}

/** The part of a source that operators may change too. */
export function editableBody(draft: SourceDraft): Record<string, unknown> {
  const tags = draft.tags.split(',').map(tag => tag.trim());
  return {
    name: draft.name.trim(),
    schedule: fromChoice(draft.schedule),
    tags: tags.filter(tag => tag !== ''),
    notes: draft.notes,
  };
}

/** The number that was typed, or the text itself, which the hub then refuses with a sentence. */
function numberOr(text: string): number | string {
  const number = Number(text.trim());
  return text.trim() !== '' && Number.isFinite(number) ? number : text;
}

/** The name as it stands in the field: typed, or suggested. */
export function shownName(draft: SourceDraft, kind: KindInfo, taken: readonly string[]): string {
  return draft.isNamed ? draft.name : suggestName(draft, kind, taken);
}

/** The draft with a name, also when its field was emptied. */
export function namedDraft(draft: SourceDraft, kind: KindInfo, taken: readonly string[]): SourceDraft {
  return { ...draft, name: shownName(draft, kind, taken).trim() || suggestName(draft, kind, taken) };
}
