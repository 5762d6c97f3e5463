/** What one source may see of the others. */
import type { SourceBook, StateBook, Watching } from '#model/services.ts';
import type { HubBus } from '#model/signals.ts';
import type { Source } from '#model/source.ts';
import type { OtherPictures } from '#sources/kind.ts';

/** What is asked. */
export interface OthersParts {
  bus: HubBus;
  sources: Pick<SourceBook, 'find'>;
  watching: () => Pick<Watching, 'latest' | 'listen'>;
  states: Pick<StateBook, 'of'>;
}

/** After these a picture means something else than before. */
const TURNS = ['source.failed', 'source.stopped', 'source.slept'] as const;

/** The others as they are now. What only admins may see is shown by what only admins may see. */
export function otherPictures(
  viewer: Source,
  { bus, sources, watching, states }: OthersParts,
): OtherPictures {
  const isForAdmins = () => sources.find(viewer.id)?.privacy.hidden ?? viewer.privacy.hidden;
  return {
    find(id) {
      const source = sources.find(id);
      if (!source) return undefined;
      const isHidden = source.privacy.hidden && !isForAdmins();
      return { name: source.name, kind: source.kind, isHidden, trouble: troubleOf(source, states) };
    },
    latest: id => (sources.find(id) ? watching().latest(id) : undefined),
    listen(id, call) {
      const stack = new DisposableStack();
      stack.use(watching().listen(id, () => call(), { isViewer: false }));
      for (const turn of TURNS) stack.use(bus.on(turn, 'others', told => told.sourceId === id && call()));
      stack.use(bus.on('source.removed', 'others', ({ source }) => source.id === id && call()));
      stack.use(bus.on('source.changed', 'others', ({ source }) => source.id === id && call()));
      return stack;
    },
    look: id => watching().listen(id, () => undefined, { isViewer: true }),
  };
}

function troubleOf(source: Source, states: OthersParts['states']): string {
  if (!source.enabled) return 'Switched off';
  return states.of(source.id).status === 'error' ? 'Not answering' : '';
}
