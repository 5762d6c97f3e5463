/** Sources as people may read them: secrets masked, and for all but admins also what addresses carry. */
import { redact } from '#base/redact.ts';
import type { Seer } from '#doors/live/told.ts';
import type { KindCatalog } from '#model/services.ts';
import type { Source } from '#model/source.ts';
import { maskSecrets } from '#store/source-book.ts';

/** The source for this person. */
export function shownSource(kinds: Pick<KindCatalog, 'secretsOf'>, who: Seer, source: Source): Source {
  const masked = maskSecrets(source, kinds);
  // Many cameras take the password in the address; admins edit it there, nobody else needs it.
  return who.role === 'admin' ? masked : { ...masked, options: redacted(masked.options) };
}

function redacted(options: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(options).map(([name, value]) => [
    name,
    typeof value === 'string' ? redact(value) : value,
  ]);
  return Object.fromEntries(entries);
}
