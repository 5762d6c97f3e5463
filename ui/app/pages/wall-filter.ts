/** Which sources the wall shows for a search and a group. */
import { labelOf } from '#app/forms/fields.ts';
import type { Group, Source } from '#widgets/shapes.ts';

/** What people look for. */
export interface WallFilter {
  query: string;
  /** A group's id; empty: all. */
  group: string;
}

/** The sources that fit, in their order: every word has to be in the name, kind, tags or groups. */
export function findSources(sources: readonly Source[], filter: WallFilter): Source[] {
  const words = filter.query.toLowerCase().split(/\s+/).filter(Boolean);
  return sources.filter(source => {
    if (filter.group !== '' && !source.groups.includes(filter.group)) return false;
    const text = [source.name, source.kind, ...source.tags, ...source.groups].join(' ').toLowerCase();
    return words.every(word => text.includes(word));
  });
}

/** The groups that have sources, with how many; groups without a name of their own get one from their id. */
export function groupChips(
  sources: readonly Source[],
  groups: readonly Group[],
): Array<{ id: string; name: string; count: number }> {
  const counts = new Map<string, number>();
  for (const source of sources) {
    for (const id of source.groups) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const names = new Map(groups.map(group => [group.id, group.name]));
  const ids = [...groups.map(group => group.id), ...counts.keys()];
  return [...new Set(ids)]
    .filter(id => counts.has(id))
    .map(id => ({ id, name: names.get(id) ?? labelOf(id), count: counts.get(id) ?? 0 }));
}
