/** When sight of a source changes, the pictures of walls that show it are made anew: the old ones may show too much. */
import type { KindCatalog } from '#model/services.ts';
import type { HubBus } from '#model/signals.ts';
import type { Source } from '#model/source.ts';
import type { Watch } from '#stages/watch/watch.ts';

/** What is asked, and what is steered. */
export interface TileParts {
  bus: HubBus;
  sources(): readonly Source[];
  kinds: Pick<KindCatalog, 'find' | 'sourcesNamedBy'>;
  watch: Pick<Watch, 'retake'>;
}

/** Follows each change until it is disposed. */
export function followHiddenTiles({ bus, sources, kinds, watch }: TileParts): Disposable {
  const namesOf = ({ kind, options }: Source) =>
    (kinds.find(kind) ? kinds.sourcesNamedBy(kind) : []).flatMap(name => options[name] ?? []);
  return bus.on('source.changed', 'hidden tiles', ({ source, before }) => {
    if (source.privacy.hidden === before.privacy.hidden) return;
    for (const other of sources()) {
      const names = namesOf(other);
      if (names.includes(source.id) || (other.id === source.id && names.length > 0)) watch.retake(other.id);
    }
  });
}
