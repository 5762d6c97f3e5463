/** Groups that sources name are groups: what is typed, imported or written by hand need not be made first. */
import type { Settings } from '#model/settings.ts';

/** The settings with a group for every word that a source names; a new group is called by its word. */
export function withNamedGroups(settings: Settings): Settings {
  const known = new Set(settings.groups.map(group => group.id));
  const named = new Set(settings.sources.flatMap(source => source.groups));
  const added = [...named].filter(id => !known.has(id)).map(id => ({ id, name: id }));
  return added.length === 0 ? settings : { ...settings, groups: [...settings.groups, ...added] };
}
