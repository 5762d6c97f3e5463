/** Sources that sleep until somebody looks, chosen by one that shows them, such as a wall. */
import type { KindInfo, Source } from '#widgets/shapes.ts';
import { optionFields, type SourceDraft } from './source-draft.ts';

type Known = readonly Pick<Source, 'id' | 'name' | 'schedule'>[];

/** The names of the chosen sources that sleep until somebody looks. */
export function sleepersOf(draft: SourceDraft, kind: Pick<KindInfo, 'options'>, sources: Known): string[] {
  const fields = optionFields(kind).filter(({ type }) => type === 'sources');
  const ids = fields.flatMap(({ name }) => String(draft.values[name] ?? '').split('\n'));
  return sources.flatMap(({ id, name, schedule }) =>
    schedule === 'on-demand' && ids.includes(id) ? [name] : [],
  );
}

/** The draft after a change: with the first sleeper it sleeps as well; who then chooses otherwise keeps their choice. */
export function restWith(
  before: SourceDraft,
  after: SourceDraft,
  kind: Pick<KindInfo, 'options'>,
  sources: Known,
): SourceDraft {
  const isFirst =
    sleepersOf(before, kind, sources).length === 0 && sleepersOf(after, kind, sources).length > 0;
  if (!isFirst || after.schedule.manner !== 'live') return after;
  return { ...after, schedule: { ...after.schedule, manner: 'on-demand' } };
}

/** Calm words on what the times mean for the sleepers; empty when nothing has to be said. */
export function sleepersHint(names: readonly string[], manner: SourceDraft['schedule']['manner']): string {
  if (names.length === 0 || (manner !== 'live' && manner !== 'on-demand')) return '';
  const quoted = new Intl.ListFormat('en').format(names.map(name => `“${name}”`));
  const sleep = `${quoted} ${names.length === 1 ? 'sleeps' : 'sleep'} until somebody looks`;
  if (manner === 'on-demand') return `${sleep}. “On demand” lets this wall sleep along.`;
  return `${sleep}. A wall that is looked at all the time keeps ${names.length === 1 ? 'it' : 'them'} awake; “On demand” spares the battery.`;
}
