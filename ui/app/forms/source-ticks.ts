/** Which other sources can be chosen, and which are. */
import type { KindInfo, Source } from '#widgets/shapes.ts';
import { fieldsOf, type Schema } from './fields.ts';

/** One source that can be ticked. */
export interface SourceTick {
  id: string;
  name: string;
  /** Its place among the chosen ones, from 1; undefined when it is not chosen. */
  place: number | undefined;
}

/** Every source that may be chosen; those that choose sources themselves may not, and what is gone may only be left out. */
export function sourceTicks(
  chosen: readonly string[],
  sources: readonly Pick<Source, 'id' | 'name' | 'kind'>[],
  kinds: readonly Pick<KindInfo, 'id' | 'options'>[],
): SourceTick[] {
  const choosers = new Set(kinds.filter(choosesSources).map(({ id }) => id));
  const ids = chosen.filter(id => id !== '');
  const offered = sources.filter(({ id, kind }) => !choosers.has(kind) || ids.includes(id));
  const gone = ids.filter(id => !sources.some(source => source.id === id));
  const named = [...offered, ...gone.map(id => ({ id, name: `${id} (not there any more)` }))];
  return named.map(({ id, name }) => ({ id, name, place: ids.indexOf(id) + 1 || undefined }));
}

/** The sources that chose another, such as the walls on which it hangs. */
export function choosersOf(
  id: string,
  sources: readonly Pick<Source, 'id' | 'name' | 'kind' | 'options'>[],
  kinds: readonly Pick<KindInfo, 'id' | 'options'>[],
): Array<{ id: string; name: string }> {
  return sources.filter(({ kind, options }) => {
    const known = kinds.find(other => other.id === kind);
    return known && chosenBy(options, known).includes(id);
  });
}

/** The ids that a source's options choose. */
function chosenBy(options: Record<string, unknown>, kind: Pick<KindInfo, 'options'>): unknown[] {
  const fields = fieldsOf(kind.options as Schema).filter(({ type }) => type === 'sources');
  return fields.flatMap(({ name }) => options[name] ?? []);
}

function choosesSources({ options }: Pick<KindInfo, 'options'>): boolean {
  const { properties = {} } = options as Schema;
  return Object.values(properties).some(({ picks }) => picks === 'sources');
}
