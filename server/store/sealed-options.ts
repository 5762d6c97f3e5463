/** Secrets among the options of sources: sealed on disk, open in memory; one that cannot be opened stays sealed and is left blank. */
import { GlimpserError } from '#base/errors.ts';
import { isSealed, type SecretBox } from '#base/secret.ts';
import type { KindCatalog } from '#model/services.ts';
import type { Settings } from '#model/settings.ts';

/** Sealed texts that this hub cannot open, by source and option. */
export type Locked = ReadonlyMap<string, string>;

type Kinds = Pick<KindCatalog, 'find' | 'secretsOf'>;

/** Settings from a file with open secrets, as yet unchecked, and what could not be opened. */
export interface OpenedOptions {
  settings: Record<string, unknown>;
  locked: Map<string, string>;
}

/** Opens what is sealed; other text is a hand edit and is taken as it stands. */
export function openOptions(settings: Record<string, unknown>, box: SecretBox, kinds: Kinds): OpenedOptions {
  const locked = new Map<string, string>();
  const { sources } = settings;
  if (!Array.isArray(sources)) return { settings, locked };
  const opened = sources.map(source => {
    if (!isObject(source) || !isObject(source['options'])) return source;
    const { id, kind } = source;
    const secrets = new Set(secretsOf(kinds, String(kind)));
    const options = Object.entries(source['options']).map(([name, value]) => {
      if (!secrets.has(name) || typeof value !== 'string' || !isSealed(value)) return [name, value];
      const text = openOrNot(value, box);
      if (text === undefined) locked.set(lockKey(String(id), name), value);
      return [name, text ?? ''];
    });
    return { ...source, options: Object.fromEntries(options) };
  });
  return { settings: { ...settings, sources: opened }, locked };
}

/** Seals every secret for the file; where one is locked and was not entered again, its sealed text goes back. */
export function sealOptions(settings: Settings, locked: Locked, box: SecretBox, kinds: Kinds): Settings {
  const sources = settings.sources.map(source => {
    const options = { ...source.options };
    for (const name of secretsOf(kinds, source.kind)) {
      const value = options[name];
      const kept = locked.get(lockKey(source.id, name));
      if (typeof value === 'string' && value !== '') options[name] = box.seal(value);
      else if (kept !== undefined) options[name] = kept;
    }
    return { ...source, options };
  });
  return { ...settings, sources };
}

/** What is locked still: neither entered again nor removed with its source. */
export function stillLocked(settings: Settings, locked: Locked, kinds: Kinds): Map<string, string> {
  const keys = new Set(blankSecrets(settings, kinds).map(({ key }) => key));
  return new Map([...locked].filter(([key]) => keys.has(key)));
}

/** One sentence about everything that is locked, for people; none when nothing is. */
export function lockedSentences(settings: Settings, locked: Locked, kinds: Kinds): string[] {
  const named = blankSecrets(settings, kinds).filter(({ key }) => locked.has(key));
  if (named.length === 0) return [];
  const names = named.map(({ option, source }) => `${option} of ${source}`).join(', ');
  return [
    `Sealed under another SECRET_KEY, so it cannot be read: ${names}. Enter it again, or start with the old key; until then the sealed text stays in the file.`,
  ];
}

function blankSecrets(
  { sources }: Settings,
  kinds: Kinds,
): Array<{ key: string; option: string; source: string }> {
  return sources.flatMap(({ id, name, kind, options }) =>
    secretsOf(kinds, kind)
      .filter(option => !options[option])
      .map(option => ({ key: lockKey(id, option), option, source: name })),
  );
}

function lockKey(sourceId: string, option: string): string {
  return `${sourceId} ${option}`;
}

/** Unknown kinds have no secrets that we know of; the check of the whole names them. */
function secretsOf(kinds: Kinds, kind: string): string[] {
  return kinds.find(kind) ? kinds.secretsOf(kind) : [];
}

function openOrNot(sealed: string, box: SecretBox): string | undefined {
  try {
    return box.open(sealed);
  } catch (thrown) {
    if (thrown instanceof GlimpserError && thrown.code === 'secret-unreadable') return undefined;
    throw thrown;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
