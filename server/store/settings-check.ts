/** Checks settings from a file: migrated to our version, the schema, the options of every kind; each wrong key named. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GlimpserError } from '#base/errors.ts';
import { fieldErrors } from '#model/kind-catalog.ts';
import type { KindCatalog } from '#model/services.ts';
import { SETTINGS_VERSION, type Settings, settingsSchema } from '#model/settings.ts';
import { withNamedGroups } from './named-groups.ts';

/** One step up: takes settings of the version before its own number. */
export type SettingsMigration = (settings: Record<string, unknown>) => Record<string, unknown>;

const MIGRATIONS = join(import.meta.dirname, 'settings-migrations');

/** Reads the steps; the file's name is the version that it leads to. */
export async function loadSettingsMigrations(folder = MIGRATIONS): Promise<Map<number, SettingsMigration>> {
  const files = await readdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    // There is no folder before the second version; a step that is missing is refused where it is needed.
    if (thrown.code === 'ENOENT') return [];
    throw thrown;
  });
  const steps = files
    .filter(name => /^\d+\.ts$/.test(name))
    .map(async name => {
      const { default: step } = (await import(pathToFileURL(join(folder, name)).href)) as {
        default: SettingsMigration;
      };
      return [Number.parseInt(name, 10), step] as const;
    });
  return new Map(await Promise.all(steps));
}

/** What a text is checked with. */
export interface SettingsCheck {
  /** Where the text comes from, for sentences. */
  file: string;
  kinds: KindCatalog;
  migrations: ReadonlyMap<number, SettingsMigration>;
  /** Opens the secrets, so that limits apply to what people wrote and not to what is longer once sealed. */
  open(settings: Record<string, unknown>): Record<string, unknown>;
}

/** Parses, opens and checks a text. Throws `settings-invalid` with key, path and what to write. */
export function checkSettings(text: string, { file, kinds, migrations, open }: SettingsCheck): Settings {
  const migrated = migrateSettings(parse(text, file), file, migrations);
  const checked = checkShape(open(migrated), file);
  return withNamedGroups({ ...checked, sources: checkSources(checked, file, kinds) });
}

/** The settings, checked without the options of kinds. Throws `settings-invalid` with key and what to write. */
export function checkShape(settings: unknown, file = 'The new settings'): Settings {
  const checked = settingsSchema.safeParse(settings);
  if (checked.success) return checked.data;
  throw invalid(file, fieldErrors(checked.error));
}

function parse(text: string, file: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch (cause) {
    const where = cause instanceof Error ? cause.message : '';
    throw new GlimpserError('settings-invalid', `${file} is not whole JSON: ${where}.`, { cause });
  }
  throw new GlimpserError('settings-invalid', `${file} does not hold a JSON object.`);
}

/** Takes settings up to a version, step by step. Throws `settings-invalid` for a newer one, and where a step is missing. */
export function migrateSettings(
  settings: Record<string, unknown>,
  file: string,
  migrations: ReadonlyMap<number, SettingsMigration>,
  goal: number = SETTINGS_VERSION,
): Record<string, unknown> {
  const { version } = settings;
  if (typeof version !== 'number' || !Number.isInteger(version)) return settings;
  if (version > goal) {
    throw new GlimpserError(
      'settings-invalid',
      `${file} has version ${version}, but this Glimpser knows version ${goal}. Start the newer Glimpser, or restore an older version of the file.`,
    );
  }
  for (let next = version + 1; next <= goal; next++) {
    const step = migrations.get(next);
    if (!step) throw noWayUp(file, version, next);
    settings = { ...step(settings), version: next };
  }
  return settings;
}

function noWayUp(file: string, version: number, next: number): GlimpserError {
  const sentence = `${file} has version ${version}, and this Glimpser has no step to version ${next}. Correct the version, or install Glimpser again as a whole.`;
  return new GlimpserError('settings-invalid', sentence);
}

function checkSources(settings: Settings, file: string, kinds: KindCatalog): Settings['sources'] {
  const ids = new Set<string>();
  return settings.sources.map((source, index) => {
    if (ids.has(source.id))
      throw invalid(file, [{ path: `sources.${index}.id`, message: `${source.id} is used twice` }]);
    ids.add(source.id);
    try {
      return { ...source, options: kinds.check(source.kind, source.options) };
    } catch (thrown) {
      if (!(thrown instanceof GlimpserError)) throw thrown;
      throw invalid(
        file,
        thrown.errors.map(({ path, message }) => ({ path: `sources.${index}.${path}`, message })),
      );
    }
  });
}

function invalid(file: string, errors: Array<{ path: string; message: string }>): GlimpserError {
  const lines = errors.slice(0, 10).map(({ path, message }) => `${path || 'the file'}: ${message}`);
  return new GlimpserError('settings-invalid', `${file} is wrong. ${lines.join('; ')}.`, { errors });
}
