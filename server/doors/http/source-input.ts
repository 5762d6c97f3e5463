/** Sources as people send them: drafts of ours or templates of the earlier program, merged and limited by role. */
import { z } from 'zod';
import { GlimpserError } from '#base/errors.ts';
import type { Source, SourceDraft } from '#model/source.ts';
import type { Identity } from '#model/user.ts';
import { importDraft } from '#store/source-import.ts';

/** A source in a body. The book of sources checks it whole, so that templates pass here. */
export const sourceBodySchema = z
  .record(z.string(), z.unknown())
  .meta({ override: { $ref: '#/components/schemas/SourceDraft' } });

/** A part of a source in a body. */
export const sourceChangeSchema = z.record(z.string(), z.unknown()).meta({
  override: { type: 'object', description: 'Any fields of SourceDraft; `options` are merged by key' },
});

/** What operators may change of a source. */
const FOR_OPERATORS = new Set(['name', 'notes', 'tags', 'enabled', 'schedule']);

/** The draft in our words. It is unchecked: the book of sources does that. */
export function readDraft(given: Record<string, unknown>): SourceDraft {
  return importDraft(given).draft as unknown as SourceDraft;
}

/** The draft of a whole source. Throws `body-invalid` when it carries the id of another one. */
export function readReplacement(given: Record<string, unknown>, id: string): SourceDraft {
  requireSameId(given, id);
  return readDraft(given);
}

/** What a source becomes by a change. Throws `role-missing` for what this person may not change. */
export function changedDraft(
  source: Source,
  change: Record<string, unknown>,
  { role }: Pick<Identity, 'role'>,
): SourceDraft {
  requireSameId(change, source.id);
  const { id, ...before } = source;
  const { id: sameId, ...given } = change;
  const refused = Object.keys(given).filter(name => role !== 'admin' && !FOR_OPERATORS.has(name));
  if (refused.length > 0) {
    const may = [...FOR_OPERATORS].join(', ');
    throw new GlimpserError(
      'role-missing',
      `Only admins may change ${refused.join(', ')}. Operators may change ${may}.`,
    );
  }
  return { ...before, ...mergeObjects(before, given) } as SourceDraft;
}

/** Objects are merged one level deep, all else is replaced; cron schedules are replaced whole. */
function mergeObjects(
  before: Record<string, unknown>,
  change: Record<string, unknown>,
): Record<string, unknown> {
  const merged = Object.entries(change).map(([name, value]) => {
    const old = before[name];
    return [name, name !== 'schedule' && isObject(old) && isObject(value) ? { ...old, ...value } : value];
  });
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function requireSameId(given: Record<string, unknown>, id: string): void {
  if (given['id'] === undefined || given['id'] === id) return;
  throw new GlimpserError('body-invalid', 'The id of a source never changes. Leave id out.', {
    errors: [{ path: 'id', message: 'never changes; leave it out' }],
  });
}
