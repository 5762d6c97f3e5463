/** How something that was found becomes a source. */
import { GlimpserError } from '#base/errors.ts';
import type { AddFound, Found, FoundWay } from '#model/discovery.ts';
import { type Source, type SourceDraft, sourceDraftSchema } from '#model/source.ts';

/** The source of one of its ways, or of the best that needs nothing more. Throws `body-invalid` for a way that it does not have. */
export function draftOf(found: Found, choice: AddFound): SourceDraft {
  const { kind, name = found.name, username, password = '', groups = [] } = choice;
  const open = found.ways.find(one => !one.needsLogin || username !== undefined) ?? found.ways[0];
  const way = kind === undefined ? open : found.ways.find(one => one.kind === kind);
  if (way) return draftBy(way, name, username === undefined ? {} : { username, password }, groups);
  const known = found.ways.map(one => one.kind).join(', ');
  throw new GlimpserError(
    'body-invalid',
    `${found.name} cannot be added as “${kind}”. Use one of: ${known}.`,
  );
}

/** The source of one way. */
export function draftBy(
  { kind, options }: FoundWay,
  name: string,
  login: Record<string, string> = {},
  groups: string[] = [],
): SourceDraft {
  return sourceDraftSchema.parse({ name, kind, groups, options: { ...options, ...login } });
}

/** True when a source opens this very machine. */
export function isAt({ options }: Source, address: string): boolean {
  const written = String(options['url'] ?? options['address'] ?? '');
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `http://${written}`);
  return url?.hostname.replace(/^\[(.*)\]$/, '$1') === address;
}
