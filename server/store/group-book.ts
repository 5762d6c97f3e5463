/** Groups of sources: named once, used by their id in sources and users. */
import { GlimpserError } from '#base/errors.ts';
import type { Group } from '#model/source.ts';
import type { SettingsStore } from './settings.ts';

/** The groups that are configured. */
export interface GroupBook {
  list(): Group[];
  /** Throws `conflict`. */
  create(group: Group): Promise<Group>;
  /** Throws `not-found`. */
  rename(id: string, name: string): Promise<Group>;
  /** Takes it from every source too. */
  remove(id: string): Promise<void>;
}

/** The groups of a hub. */
export function createGroupBook(settings: SettingsStore): GroupBook {
  const need = (id: string) => {
    const group = settings.current.groups.find(one => one.id === id);
    if (group) return group;
    throw new GlimpserError('not-found', 'There is no such group.');
  };
  return {
    list: () => settings.current.groups,
    async create(group) {
      if (settings.current.groups.some(one => one.id === group.id)) {
        throw new GlimpserError('conflict', `There is a group ${group.id} already.`, {
          errors: [{ path: 'id', message: 'is taken' }],
        });
      }
      await settings.update(copy => ({ ...copy, groups: [...copy.groups, group] }));
      return group;
    },
    async rename(id, name) {
      const group = { ...need(id), name };
      await settings.update(copy => ({
        ...copy,
        groups: copy.groups.map(one => (one.id === id ? group : one)),
      }));
      return group;
    },
    async remove(id) {
      need(id);
      await settings.update(copy => ({
        ...copy,
        groups: copy.groups.filter(group => group.id !== id),
        sources: copy.sources.map(source => ({
          ...source,
          groups: source.groups.filter(group => group !== id),
        })),
      }));
    },
  };
}
