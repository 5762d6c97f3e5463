/** The kind of a source, or a sentence when this hub does not have it. */
import { GlimpserError } from '#base/errors.ts';
import type { Source } from '#model/source.ts';
import type { SourceKind } from '#sources/kind.ts';

/** Throws `kind-unknown`, naming the kinds that there are. */
export function kindOf(kinds: ReadonlyMap<string, SourceKind>, { name, kind }: Source): SourceKind {
  const found = kinds.get(kind);
  if (found) return found;
  const known = [...kinds.keys()].join(', ');
  throw new GlimpserError(
    'kind-unknown',
    `${name} is of the kind “${kind}”, which this hub does not have. Use one of: ${known}.`,
  );
}
