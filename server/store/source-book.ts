/** The configured sources: checked whole, kept in the settings, secrets kept when they come back masked. */
import { randomInt } from 'node:crypto';
import { GlimpserError } from '#base/errors.ts';
import { fieldErrors } from '#model/kind-catalog.ts';
import type { KindCatalog, SourceBook } from '#model/services.ts';
import {
  KEPT_SECRET,
  type Source,
  type SourceDraft,
  sourceDraftSchema,
  sourceSchema,
} from '#model/source.ts';
import type { SettingsStore } from './settings.ts';

/** The sources of a hub. */
export function createSourceBook(settings: SettingsStore, kinds: KindCatalog): SourceBook {
  const list = () => settings.current.sources;
  const find = (id: string) => list().find(source => source.id === id);
  const get = (id: string) => {
    const source = find(id);
    if (source) return source;
    throw new GlimpserError('not-found', 'There is no such source.');
  };
  const check = (draft: SourceDraft, before?: Source) => checkDraft(draft, before, kinds, newId(find));
  return {
    list,
    find,
    get,
    check,
    async create(draft) {
      const source = check(draft);
      await settings.update(copy => ({ ...copy, sources: [...copy.sources, source] }));
      return source;
    },
    async replace(id, draft) {
      const source = check(draft, get(id));
      await settings.update(copy => ({
        ...copy,
        sources: copy.sources.map(old => (old.id === id ? source : old)),
      }));
      return source;
    },
    async remove(id) {
      get(id);
      await settings.update(copy => ({ ...copy, sources: copy.sources.filter(source => source.id !== id) }));
    },
    async order(ids) {
      const place = new Map(ids.map((id, index) => [id, index]));
      const rank = (source: Source) => place.get(source.id) ?? Number.POSITIVE_INFINITY;
      await settings.update(copy => ({
        ...copy,
        sources: copy.sources.toSorted((a, b) => compare(rank(a), rank(b))),
      }));
    },
  };
}

/** A copy whose secrets are masked, for everybody who reads. */
export function maskSecrets(source: Source, kinds: Pick<KindCatalog, 'secretsOf'>): Source {
  const secrets = kinds.secretsOf(source.kind).filter(name => Boolean(source.options[name]));
  const masks = Object.fromEntries(secrets.map(name => [name, KEPT_SECRET]));
  return { ...source, options: { ...source.options, ...masks } };
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function checkDraft(draft: SourceDraft, before: Source | undefined, kinds: KindCatalog, id: string): Source {
  const checked = sourceDraftSchema.safeParse(draft);
  if (!checked.success) throw refused(fieldErrors(checked.error));
  const kind = kinds.find(checked.data.kind);
  const given = moveLogin(keepSecrets(checked.data, before, kinds), kind?.options);
  const options = kinds.check(checked.data.kind, given);
  const schedule = checked.data.schedule ?? before?.schedule ?? kind?.schedule;
  return sourceSchema.parse({ ...checked.data, id: before?.id ?? id, schedule, options });
}

function refused(errors: Array<{ path: string; message: string }>): GlimpserError {
  const sentence = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new GlimpserError('body-invalid', `The source is wrong. ${sentence}.`, { errors });
}

function keepSecrets(
  draft: SourceDraft,
  before: Source | undefined,
  kinds: KindCatalog,
): Record<string, unknown> {
  if (!kinds.find(draft.kind)) return draft.options;
  const secrets = new Set(kinds.secretsOf(draft.kind));
  const options = Object.entries(draft.options).flatMap(([name, value]) => {
    if (!secrets.has(name) || value !== KEPT_SECRET) return [[name, value] as const];
    const stored = before?.options[name];
    return stored === undefined ? [] : [[name, stored] as const];
  });
  return Object.fromEntries(options);
}

/** `rtsp://user:password@host/` would show the password in every list: the login moves to its own fields. */
function moveLogin(
  options: Record<string, unknown>,
  schema: Record<string, unknown> | undefined,
): Record<string, unknown> {
  const fields = (schema?.['properties'] ?? {}) as Record<string, unknown>;
  const { url } = options;
  if (typeof url !== 'string' || !('username' in fields) || !('password' in fields)) return options;
  const found = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#@]*)@(.*)$/i.exec(url);
  if (!found) return options;
  const [, scheme = '', login = '', rest = ''] = found;
  const [username = '', ...password] = login.split(':');
  const written = { username: decode(username), password: decode(password.join(':')) };
  return { ...written, ...withoutEmpty(options, ['username', 'password']), url: scheme + rest };
}

function withoutEmpty(options: Record<string, unknown>, names: string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => !(names.includes(name) && value === '')),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function newId(find: (id: string) => Source | undefined): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  while (true) {
    const id = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('');
    if (!find(id)) return id;
  }
}
