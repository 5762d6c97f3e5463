/** Stamps: small files that remember from what something was made, so that it is made again only when that changed. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/**
 * One hash over the names and contents of files and over some words.
 * @param {string} root names are taken relative to it
 * @param {string[]} paths absolute paths; a file that is not there counts as such
 * @param {string[]} [words]
 * @returns {string}
 */
export function hashFiles(root, paths, words = []) {
  const hash = createHash('sha256');
  for (const word of words) hash.update(`${word}\0`);
  for (const path of paths) {
    const content = readOrNothing(path);
    hash.update(`${relative(root, path).split(sep).join('/')}\0${content?.length ?? 'missing'}\0`);
    if (content) hash.update(content);
  }
  return hash.digest('hex');
}

/**
 * Every file under a folder, sorted, without the folders named in `skip`.
 * @param {string} folder
 * @param {string[]} [skip]
 * @returns {string[]}
 */
export function filesUnder(folder, skip = []) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => !skip.includes(entry.name))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path, skip) : [path];
    })
    .sort();
}

/**
 * Reads a JSON file; undefined when it is missing or damaged, because a stamp that cannot be read is no stamp.
 * @param {string} path
 * @returns {any}
 */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Writes a JSON file and the folders above it.
 * @param {string} path
 * @param {unknown} value
 */
export function writeJson(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** @param {string} path */
function readOrNothing(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
