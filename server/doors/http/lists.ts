/** The shape of every list: items, and a cursor for the next page. */
import { z } from 'zod';

/** A page of a list as JSON. */
export function listOf<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<{ items: z.ZodArray<Item>; next: z.ZodNullable<z.ZodString> }, z.core.$strict> {
  return z.strictObject({
    items: z.array(item),
    next: z.string().nullable().describe('Give it back as cursor for the next page; null at the end'),
  });
}

/** A list that is short enough to be given whole. */
export function whole<Item>(items: Item[]): { items: Item[]; next: null } {
  return { items, next: null };
}

/** What pages of a list are asked for by. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(500).optional().describe('Items a page; 50 when left out'),
  cursor: z.string().max(200).optional().describe('Where the page begins: next of the page before'),
};

/** An id in a path. Ids are looked up, never joined to paths. */
export const idParams = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'is not the shape of an id'),
});

/** A yes or no in a query. */
export const flagQuery = z.enum(['true', 'false']).transform(text => text === 'true');
