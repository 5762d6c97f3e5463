/** What the set-up asks of the machine it runs on: its folders, its programs, its user. */
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as util from 'node:util';

/** The folder that holds the repository's package.json. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

/** Folders that hold services' programs and are missing from many users' PATH. */
const MORE_PROGRAM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * The machine as the set-up sees it; tests pass a made-up one.
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {string} arch
 * @property {string} distribution `ID` of /etc/os-release, or nothing
 * @property {Record<string, string | undefined>} env
 * @property {boolean} isRoot
 * @property {(names: string[]) => string | undefined} find where the first of these programs is
 * @property {(path: string) => boolean} exists
 * @property {(path: string) => boolean} hasLibraryFile whether a library folder holds this file
 */

/**
 * Describes the machine that this process runs on.
 * @param {string} [root] folder whose .env is read for program paths
 * @returns {Machine}
 */
export function thisMachine(root = ROOT) {
  const env = { ...readDotEnv(join(root, '.env')), ...process.env };
  return {
    platform: process.platform,
    arch: process.arch,
    distribution: /^ID="?([\w-]+)/m.exec(readText('/etc/os-release'))?.[1] ?? '',
    env,
    isRoot: process.getuid?.() === 0,
    find: names => findProgram(names, env['PATH'] ?? env['Path'] ?? '', process.platform),
    exists: existsSync,
    hasLibraryFile: path => libraryFolders().some(folder => existsSync(join(folder, path))),
  };
}

/**
 * Where the first of `names` is, in the folders of `path` and those of services; absolute names are tried as they are.
 * @param {string[]} names
 * @param {string} path
 * @param {NodeJS.Platform} platform
 * @returns {string | undefined}
 */
export function findProgram(names, path, platform) {
  const folders = path.split(delimiter).filter(Boolean);
  const endings = platform === 'win32' ? ['.exe', '.cmd'] : [''];
  for (const name of names) {
    const places = name.startsWith('/')
      ? [name]
      : [...folders, ...MORE_PROGRAM_FOLDERS].flatMap(folder => endings.map(end => join(folder, name + end)));
    const found = places.find(isProgram);
    if (found) return found;
  }
  return undefined;
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() && !isSnapNotice(path);
  } catch {
    return false;
  }
}

/** Ubuntu's chromium-browser is a script that starts the snap, or else says that there is none. @param {string} path */
function isSnapNotice(path) {
  if (!path.endsWith('/chromium-browser') || existsSync('/snap/bin/chromium')) return false;
  return statSync(path).size < 10_000 && readText(path).includes('/snap/bin/chromium');
}

/** @param {string} path */
function readText(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function libraryFolders() {
  const under = existsSync('/usr/lib')
    ? readdirSync('/usr/lib').filter(name => name.includes('-linux-'))
    : [];
  const folders = ['/usr/lib', '/usr/lib64', '/usr/local/lib', '/opt/homebrew/lib'];
  return [...folders, ...under.map(name => join('/usr/lib', name))];
}

/**
 * The variables of a .env file; none where there is no file or this Node cannot read one.
 * @param {string} path
 * @returns {Record<string, string | undefined>}
 */
function readDotEnv(path) {
  return typeof util.parseEnv === 'function' ? util.parseEnv(readText(path)) : {};
}
