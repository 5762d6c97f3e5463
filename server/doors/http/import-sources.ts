/** Imports sources one by one: what is wrong with one does not stop the others. */
import { asGlimpserError, type FieldError } from '#base/errors.ts';
import { type Group, groupSchema, KEPT_SECRET, type Source, type SourceDraft } from '#model/source.ts';
import { importDraft, importList } from '#store/source-import.ts';
import type { HttpServices } from './services.ts';

/** What became of an import. */
export interface Imported {
  created: Source[];
  failed: Array<{ index: number; name: string; code: string; sentence: string; errors: FieldError[] }>;
  notices: Array<{ index: number; name: string; sentence: string }>;
}

type Parts = Pick<HttpServices, 'sources' | 'groups'>;

/** Creates what can be created, or only checks it in a dry run. Throws `body-invalid` for what is no import at all. */
export async function importSources(parts: Parts, given: unknown): Promise<Imported> {
  const isDryRun = isObject(given) && given['isDryRun'] === true;
  const list = importList(withoutFlag(given));
  if (!isDryRun) await addGroups(parts, given);
  const imported: Imported = { created: [], failed: [], notices: [] };
  for (const [index, fields] of list.entries()) {
    const name = String(fields['name'] ?? '').slice(0, 80);
    try {
      const { draft, notices } = importDraft(fields);
      const checked = draft as unknown as SourceDraft;
      const source = isDryRun ? parts.sources.check(checked) : await parts.sources.create(checked);
      imported.created.push(source);
      const sentences = [...notices, ...lostSecrets(draft)];
      imported.notices.push(...sentences.map(sentence => ({ index, name, sentence })));
    } catch (thrown) {
      const { code, message, errors } = asGlimpserError(thrown);
      imported.failed.push({ index, name, code, sentence: message, errors });
    }
  }
  return imported;
}

/** In a map of templates the flag would be taken for one. */
function withoutFlag(given: unknown): unknown {
  if (!isObject(given)) return given;
  const { isDryRun, ...rest } = given;
  return rest;
}

/** Groups of an export that are not there yet; what is no group is left to the sources that name it. */
async function addGroups({ groups }: Parts, given: unknown): Promise<void> {
  const listed = isObject(given) && Array.isArray(given['groups']) ? given['groups'] : [];
  const known = new Set(groups.list().map(group => group.id));
  const found: Group[] = listed.flatMap(one => groupSchema.safeParse(one).data ?? []);
  for (const group of found) {
    if (!known.has(group.id)) await groups.create(group);
    known.add(group.id);
  }
}

/** An export holds no secrets, so they have to be entered again. */
function lostSecrets({ options }: Record<string, unknown>): string[] {
  const names = Object.entries(isObject(options) ? options : {})
    .filter(([, value]) => value === KEPT_SECRET)
    .map(([name]) => name);
  return names.length === 0 ? [] : [`Enter again, because exports hold no secrets: ${names.join(', ')}.`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
