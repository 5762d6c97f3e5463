/** Values of a form: from stored options to inputs and back. */
import type { Field } from './fields.ts';

/** What the inputs hold. */
export type Values = Record<string, string | boolean>;

/** What the hub shows instead of a stored secret; sent back, it keeps the stored one. */
export const KEPT_SECRET = '********';

/** The text or tick of every field for what is stored. */
export function toValues(fields: readonly Field[], stored: Record<string, unknown>): Values {
  return Object.fromEntries(fields.map(field => [field.name, toInput(field, read(stored, field.name))]));
}

function toInput(field: Field, stored: unknown): string | boolean {
  const value = stored ?? field.default;
  if (field.type === 'switch') return value === true;
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.join('\n') : String(value);
}

/** Options to send. Empty fields are left out, so that their defaults apply; wrong numbers go as they are typed. */
export function fromValues(fields: readonly Field[], values: Values): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const field of fields) {
    const value = fromInput(field, values[field.name] ?? '');
    if (value !== undefined) write(options, field.name, value);
  }
  return options;
}

function fromInput(field: Field, value: string | boolean): unknown {
  if (typeof value === 'boolean') return value;
  if (field.type === 'list' || field.type === 'sources') {
    const lines = value.split('\n').map(line => line.trim());
    return lines.filter(line => line !== '');
  }
  const text = field.type === 'password' ? value : value.trim();
  if (text === '') return undefined;
  if (field.type !== 'number') return text;
  const number = Number(text.replace(',', '.'));
  return Number.isFinite(number) ? number : text;
}

/** What is missing before the hub is asked, by the field's path. */
export function findGaps(fields: readonly Field[], values: Values): Array<{ path: string; message: string }> {
  return fields
    .filter(field => field.isRequired && String(values[field.name] ?? '').trim() === '')
    .map(field => ({ path: field.name, message: 'please fill this in' }));
}

function read(from: Record<string, unknown>, name: string): unknown {
  return name
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], from);
}

function write(into: Record<string, unknown>, name: string, value: unknown): void {
  const keys = name.split('.');
  const last = keys.pop() ?? name;
  const parent = keys.reduce<Record<string, unknown>>((inner, key) => {
    inner[key] ??= {};
    return inner[key] as Record<string, unknown>;
  }, into);
  parent[last] = value;
}

/** Options with the stored keys that the form does not know, so that an edit loses nothing. */
export function mergeUnknown(
  stored: Record<string, unknown>,
  known: ReadonlySet<string>,
  options: Record<string, unknown>,
): Record<string, unknown> {
  const unknown = Object.entries(stored).filter(([key]) => !known.has(key));
  return { ...Object.fromEntries(unknown), ...options };
}
