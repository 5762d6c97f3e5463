/** Reads a folder of plug points: the file's name is the id, its default export is the kind. No list is edited. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Loads every `<id>.ts` of a folder except the contract `kind.ts`; ids in alphabetical order. */
export async function loadKinds<Kind>(folder: string): Promise<Map<string, Kind>> {
  const files = (await readdir(folder)).filter(name => name.endsWith('.ts') && name !== 'kind.ts').sort();
  const kinds = new Map<string, Kind>();
  for (const file of files) {
    const loaded = (await import(pathToFileURL(join(folder, file)).href)) as { default?: Kind };
    if (!loaded.default) throw new TypeError(`${file} has no default export, so it is not a kind`);
    kinds.set(basename(file, '.ts'), loaded.default);
  }
  return kinds;
}
