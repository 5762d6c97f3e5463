/** Files that people name by a path below one folder: whatever leads out of it is refused. */
import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { GlimpserError } from './errors.ts';

/** True for a path below a folder: relative, without `..`, without what no file name holds. */
export function isInsidePath(path: string): boolean {
  const parts = path.split('/');
  return !isAbsolute(path) && !/[\0\\]/.test(path) && parts.every(part => !['', '.', '..'].includes(part));
}

/**
 * The real path of a file below the folder. Throws `source-unreachable` when it is not there or no file, and
 * `address-refused` when a link leads out of the folder. `name` starts the sentences.
 */
export async function fileInside(folder: string, path: string, name: string): Promise<string> {
  if (!isInsidePath(path)) throw outside(name, path);
  const root = await realpath(folder).catch(() => undefined);
  const file = await realpath(join(folder, path)).catch(() => undefined);
  if (root === undefined || file === undefined) {
    const sentence = `${name}: there is no file “${path}” in ${folder}. Put it there, or correct its name.`;
    throw new GlimpserError('source-unreachable', sentence);
  }
  if (!file.startsWith(root + sep)) throw outside(name, path);
  if ((await stat(file)).isFile()) return file;
  throw new GlimpserError('source-broken', `${name}: “${path}” is no file. Name a video file in ${folder}.`);
}

function outside(name: string, path: string): GlimpserError {
  return new GlimpserError(
    'address-refused',
    `${name}: “${path}” leads out of the media folder. Only files inside it are opened.`,
  );
}
