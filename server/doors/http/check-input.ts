/** Checks what a request brings against the schemas of its route; every wrong field is named. */
import type { z } from 'zod';
import { GlimpserError } from '#base/errors.ts';
import { fieldErrors } from '#model/kind-catalog.ts';

/** The checked value. Throws `body-invalid` with a path per field. */
export function checkInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: 'body' | 'query' | 'path',
): z.output<Schema> {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const errors = fieldErrors(checked.error);
  const sentences = errors.slice(0, 5).map(({ path, message }) => `${path || `the ${where}`} ${message}`);
  const more = errors.length > 5 ? `; and ${errors.length - 5} more` : '';
  throw new GlimpserError('body-invalid', `${sentences.join('; ')}${more}.`, { errors });
}
