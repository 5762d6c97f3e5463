/** Kinds as forms, API and settings see them: JSON Schema out, checked options in. */
import { z } from 'zod';
import { GlimpserError } from '#base/errors.ts';
import './issue-words.ts';
import type { KindCatalog, KindInfo } from './services.ts';

/** What the catalogue needs of a kind; a source kind is one. */
export interface KindShape {
  title: string;
  description: string;
  family: 'camera' | 'website';
  hasVideo: boolean;
  schedule: string;
  options: z.ZodObject;
}

/** Describes kinds without running them. */
export function createKindCatalog(kinds: ReadonlyMap<string, KindShape>): KindCatalog {
  const infos = new Map([...kinds].map(([id, kind]) => [id, describe(id, kind)]));
  const need = (id: string) => {
    const kind = kinds.get(id);
    if (kind) return kind;
    throw new GlimpserError('kind-unknown', unknownKind(id, [...kinds.keys()]), {
      errors: [{ path: 'kind', message: `must be one of ${[...kinds.keys()].join(', ')}` }],
    });
  };
  return {
    list: () => [...infos.values()],
    find: id => infos.get(id),
    check: (id, options) => checkOptions(need(id), options),
    secretsOf: id => fieldsWith(need(id).options, 'secret', true),
    sourcesNamedBy: id => fieldsWith(need(id).options, 'picks', 'sources'),
  };
}

function unknownKind(id: string, known: string[]): string {
  return `There is no source kind “${id.slice(0, 40)}”. Use one of: ${known.join(', ')}.`;
}

function describe(id: string, kind: KindShape): KindInfo {
  const { title, description, family, hasVideo, schedule } = kind;
  const { $schema, ...options } = z.toJSONSchema(kind.options, { io: 'input', unrepresentable: 'any' });
  return { id, title, description, family, hasVideo, schedule, options };
}

/** Names of the options that carry something in their metadata. */
function fieldsWith(options: z.ZodObject, key: string, value: unknown): string[] {
  return Object.entries(options.shape)
    .filter(([, field]) => carries(field as z.ZodType, key, value))
    .map(([name]) => name);
}

/** Looks through optional() and default(), which hide the metadata of what they wrap. */
function carries(field: z.ZodType, key: string, value: unknown): boolean {
  if (z.globalRegistry.get(field)?.[key] === value) return true;
  const inner = (field as { def: { innerType?: z.ZodType } }).def.innerType;
  return inner !== undefined && carries(inner, key, value);
}

function checkOptions(kind: KindShape, options: unknown): Record<string, unknown> {
  const checked = kind.options.safeParse(options ?? {});
  if (checked.success) return checked.data;
  const errors = fieldErrors(checked.error, 'options');
  const sentence = errors.map(error => `${error.path} ${error.message}`).join('; ');
  throw new GlimpserError('body-invalid', `${kind.title}: ${sentence}.`, { errors });
}

/** Every finding of a failed check as path and message; an unknown key is an error at its own path. */
export function fieldErrors(error: z.ZodError, prefix = ''): Array<{ path: string; message: string }> {
  return error.issues.flatMap(issue => {
    const path = [prefix, ...issue.path.map(String)].filter(part => part !== '').join('.');
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    return issue.keys.map(key => ({
      path: path === '' ? key : `${path}.${key}`,
      message: 'is not known here; remove it or correct its name',
    }));
  });
}
