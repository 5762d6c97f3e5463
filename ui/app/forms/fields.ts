/** Turns a JSON Schema into the fields of a form. */

/** How a field is typed in. */
export type FieldType =
  | 'text'
  | 'url'
  | 'password'
  | 'number'
  | 'switch'
  | 'select'
  | 'multiline'
  | 'list'
  | 'sources'
  | 'device';

/** One field of a form. */
export interface Field {
  /** Key below the form's root, with dots: `mqtt.enabled`. */
  name: string;
  label: string;
  help: string;
  type: FieldType;
  isRequired: boolean;
  /** Fields that most people never touch. */
  isAdvanced: boolean;
  /** True: it matters only while the source is looked at all the time or on demand. */
  isLiveOnly: boolean;
  default: unknown;
  choices: Array<{ value: string; label: string }>;
  min: number | undefined;
  max: number | undefined;
  step: number | 'any' | undefined;
  maxLength: number | undefined;
}

/** The part of JSON Schema that kinds and preferences use. */
export interface Schema {
  /** `#/$defs/Name`: described in the root's `$defs`. */
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
  maxLength?: number;
  format?: string;
  secret?: boolean;
  multiline?: boolean;
  liveOnly?: boolean;
  /** What it is picked from. */
  picks?: 'sources' | 'devices';
  /** What people read for the values of `enum`. */
  labels?: Record<string, string>;
}

const BASIC = new Set([
  'url',
  'username',
  'password',
  'element',
  'pattern',
  'address',
  'host',
  'path',
  'device',
]);

/** The fields of an object schema, in its order; nested objects become fields with dots in their names. */
export function fieldsOf(root: Schema, prefix = ''): Field[] {
  return fieldsBelow(followed(root, root), prefix, root);
}

function fieldsBelow(schema: Schema, prefix: string, root: Schema): Field[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const inner = followed(property, root);
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (inner.properties) return fieldsBelow(inner, name, root);
    // Keys of people's own choosing have no field; they are for the API.
    if (inner.type === 'object') return [];
    return [fieldOf(name, key, inner, required.has(key))];
  });
}

/** The schema itself, or the one that it refers to. */
function followed(schema: Schema, root: Schema): Schema {
  const name = schema.$ref?.replace('#/$defs/', '');
  return (name === undefined ? undefined : root.$defs?.[name]) ?? schema;
}

function fieldOf(name: string, key: string, schema: Schema, isRequired: boolean): Field {
  const type = typeOf(key, schema);
  return {
    name,
    label: schema.title ?? labelOf(key),
    help: schema.description ?? '',
    type,
    isRequired: isRequired && schema.default === undefined && type !== 'switch',
    isAdvanced: !isRequired && !BASIC.has(key),
    isLiveOnly: schema.liveOnly === true,
    default: schema.default,
    choices: choicesOf(schema),
    min: schema.minimum,
    max: safeBound(schema.maximum),
    step: stepOf(schema),
    maxLength: schema.maxLength,
  };
}

function typeOf(key: string, schema: Schema): FieldType {
  const type = Array.isArray(schema.type) ? schema.type.find(name => name !== 'null') : schema.type;
  if (schema.secret) return 'password';
  if (schema.picks) return schema.picks === 'sources' ? 'sources' : 'device';
  if (schema.enum) return 'select';
  if (type === 'boolean') return 'switch';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'array') return 'list';
  if (schema.multiline) return 'multiline';
  return key === 'url' || schema.format === 'uri' ? 'url' : 'text';
}

/** JSON Schema of whole numbers carries the bounds of safe integers, which say nothing to people. */
function safeBound(maximum: number | undefined): number | undefined {
  return maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
}

function stepOf(schema: Schema): Field['step'] {
  if (schema.multipleOf !== undefined) return schema.multipleOf;
  if (schema.type === 'integer') return 1;
  return schema.type === 'number' ? 'any' : undefined;
}

function choicesOf(schema: Schema): Field['choices'] {
  return (schema.enum ?? []).map(String).map(value => ({
    value,
    label: schema.labels?.[value] ?? choiceLabel(value),
  }));
}

function choiceLabel(value: string): string {
  return value.length <= 4 &&
    value === value.toLowerCase() &&
    !['info', 'warn', 'auto', 'none'].includes(value)
    ? value.toUpperCase()
    : labelOf(value);
}

/** `maxPacketBytes` reads `Max packet bytes`. */
export function labelOf(key: string): string {
  const words = key
    .replace(/[-_]+/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
