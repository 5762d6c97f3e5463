/** Which other sources can be chosen, and which are. */
import type { KindInfo, Source } from '#widgets/shapes.ts';
import type { Schema } from './fields.ts';

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

function choosesSources({ options }: Pick<KindInfo, 'options'>): boolean {
  const { properties = {} } = options as Schema;
  return Object.values(properties).some(({ picks }) => picks === 'sources');
}
