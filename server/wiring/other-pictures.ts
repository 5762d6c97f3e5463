/** What one source may see of the others. */
import type { SourceBook, Watching } from '#model/services.ts';
import type { Source } from '#model/source.ts';
import type { OtherPictures } from '#sources/kind.ts';

/** The others as they are now. What only admins may see is shown by what only admins may see. */
export function otherPictures(
  viewer: Source,
  sources: Pick<SourceBook, 'find'>,
  watching: () => Pick<Watching, 'latest' | 'listen'>,
): OtherPictures {
  const isForAdmins = () => sources.find(viewer.id)?.privacy.hidden ?? viewer.privacy.hidden;
  return {
    find(id) {
      const source = sources.find(id);
      return (
        source && { name: source.name, kind: source.kind, isHidden: source.privacy.hidden && !isForAdmins() }
      );
    },
    latest: id => (sources.find(id) ? watching().latest(id) : undefined),
    listen: (id, call) => watching().listen(id, () => call(), { isViewer: false }),
    look: id => watching().listen(id, () => undefined, { isViewer: true }),
  };
}
