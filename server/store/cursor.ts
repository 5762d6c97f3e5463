/** Lists page by page, newest first: an opaque cursor names the last row that was given. */
import { GlimpserError } from '#base/errors.ts';

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  /** Give this back for the next page; null at the end. */
  next: string | null;
}

/** Where a page begins: after this row. */
export interface Position {
  at: number;
  id: string;
}

/** What is asked of a list. */
export interface PageOptions {
  /** How many items at most; 50 when unset, 500 at most. */
  limit?: number | undefined;
  cursor?: string | undefined;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

/** The limit in its bounds. */
export function limitOf({ limit = DEFAULT_LIMIT }: PageOptions): number {
  return Math.min(Math.max(1, Math.trunc(limit)), MAX_LIMIT);
}

/** The position in a cursor. Throws `body-invalid` for a cursor that we did not make. */
export function positionOf({ cursor }: PageOptions): Position | undefined {
  if (cursor === undefined) return undefined;
  const found = /^(\d{1,15}):([\w-]{1,64})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (found?.[1] && found[2]) return { at: Number(found[1]), id: found[2] };
  throw new GlimpserError(
    'body-invalid',
    'The cursor is not one of ours. Leave it out to begin at the newest.',
    {
      errors: [{ path: 'cursor', message: 'is not one of ours' }],
    },
  );
}

/** A page from rows of which one more than the limit was read. */
export function pageOf<Row extends { id: string }, Item>(
  rows: Row[],
  limit: number,
  at: (row: Row) => number,
  shape: (row: Row) => Item,
): Page<Item> {
  const given = rows.slice(0, limit);
  const last = given.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  const next = hasMore ? Buffer.from(`${at(last)}:${last.id}`).toString('base64url') : null;
  return { items: given.map(shape), next };
}

/** A random id for a row: 16 characters that sort by nothing. */
export function rowId(): string {
  return crypto.randomUUID().replaceAll('-', '').slice(0, 16);
}
