/** Sources that a source names, such as those on a wall: they must be there, and name no further ones. */
import type { FieldError } from '#base/errors.ts';
import type { KindCatalog } from '#model/services.ts';
import type { Source } from '#model/source.ts';

type Kinds = Pick<KindCatalog, 'find' | 'sourcesNamedBy'>;

/** What is wrong with the sources that this one names; what it named before may have been removed since. */
export function wrongSources(
  source: Source,
  before: Source | undefined,
  others: readonly Source[],
  kinds: Kinds,
): FieldError[] {
  const named = namedBy(source, kinds);
  if (named.length === 0) return [];
  const known = new Set(before ? namedBy(before, kinds).flatMap(({ ids }) => ids) : []);
  const hanging = others.find(
    other => other.id !== source.id && namedBy(other, kinds).some(({ ids }) => ids.includes(source.id)),
  );
  const nested = hanging
    ? [{ path: 'kind', message: `hangs on “${hanging.name}”; a wall hangs on no wall` }]
    : [];
  const refused = named.flatMap(({ path, ids }) =>
    ids.flatMap(id => {
      const message = refusal(id, source, others, known, kinds);
      return message === undefined ? [] : [{ path, message }];
    }),
  );
  return [...nested, ...refused];
}

function refusal(
  id: string,
  source: Source,
  others: readonly Source[],
  known: ReadonlySet<string>,
  kinds: Kinds,
): string | undefined {
  if (id === source.id) return 'cannot show itself; take it off the list';
  const other = others.find(one => one.id === id);
  if (!other) return known.has(id) ? undefined : `there is no source “${id}”; choose one that is there`;
  if (namedBy(other, kinds).length === 0) return undefined;
  return `“${other.name}” is a wall itself; choose the sources that hang on it`;
}

function namedBy({ kind, options }: Source, kinds: Kinds): Array<{ path: string; ids: string[] }> {
  // Settings may hold a kind that is not here any more.
  if (!kinds.find(kind)) return [];
  return kinds.sourcesNamedBy(kind).map(name => {
    const ids = options[name];
    return { path: `options.${name}`, ids: Array.isArray(ids) ? ids.map(String) : [] };
  });
}
