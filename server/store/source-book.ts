/** The configured sources: checked whole, kept in the settings, secrets kept when they come back masked. */
import { randomInt } from 'node:crypto';
import { neverOpened } from '#base/egress-literal.ts';
import { type FieldError, GlimpserError } from '#base/errors.ts';
import { fieldErrors } from '#model/kind-catalog.ts';
import type { KindCatalog, SourceBook } from '#model/services.ts';
import {
  KEPT_SECRET,
  type Source,
  type SourceDraft,
  sourceDraftSchema,
  sourceSchema,
} from '#model/source.ts';
import { givenOptions, wrongOptions } from './draft-options.ts';
import { withNamedGroups } from './named-groups.ts';
import { wrongSources } from './named-sources.ts';
import type { SettingsStore } from './settings.ts';

/** Why an address that somebody writes is refused; undefined when nothing can be said against it. */
export type RefuseAddress = (url: string) => string | undefined;

/** The sources of a hub. */
export function createSourceBook(
  settings: SettingsStore,
  kinds: KindCatalog,
  refuseAddress: RefuseAddress = neverOpened,
): SourceBook {
  const list = () => settings.current.sources;
  const find = (id: string) => list().find(source => source.id === id);
  const get = (id: string) => {
    const source = find(id);
    if (source) return source;
    throw new GlimpserError('not-found', 'There is no such source.');
  };
  const check = (draft: SourceDraft, before?: Source) => {
    const source = checkDraft(draft, before, kinds, newId(find));
    const wrong = [
      ...refusedAddresses(source.options, refuseAddress),
      ...wrongSources(source, before, list(), kinds),
    ];
    if (wrong.length > 0) throw refused(wrong);
    return source;
  };
  return {
    list,
    find,
    get,
    check,
    async create(draft) {
      const source = check(draft);
      await settings.update(copy => withNamedGroups({ ...copy, sources: [...copy.sources, source] }));
      return source;
    },
    async replace(id, draft) {
      const source = check(draft, get(id));
      await settings.update(copy =>
        withNamedGroups({ ...copy, sources: copy.sources.map(old => (old.id === id ? source : old)) }),
      );
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
  const options = kinds.check(checked.data.kind, givenOptions(checked.data, before, kinds));
  const wrong = wrongOptions(options, kinds.secretsOf(checked.data.kind));
  if (wrong.length > 0) throw refused(wrong);
  const schedule = checked.data.schedule ?? before?.schedule ?? kind?.schedule;
  return sourceSchema.parse({ ...checked.data, id: before?.id ?? id, schedule, options });
}

function refusedAddresses(options: Record<string, unknown>, refuseAddress: RefuseAddress): FieldError[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const message = typeof value === 'string' ? refuseAddress(value) : undefined;
    return message === undefined ? [] : [{ path: `options.${name}`, message }];
  });
}

function refused(errors: FieldError[]): GlimpserError {
  const sentence = errors.map(({ path, message }) => `${path}: ${message.replace(/\.$/, '')}`).join('; ');
  return new GlimpserError('body-invalid', `The source is wrong. ${sentence}.`, { errors });
}

function newId(find: (id: string) => Source | undefined): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  while (true) {
    const id = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('');
    if (!find(id)) return id;
  }
}
